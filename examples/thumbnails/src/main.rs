//! Makes thumbnails of pictures on runners that come and go.
//!
//! ```text
//! cargo run -p thumbnails                              the pictures that ship with it
//! cargo run -p thumbnails -- ~/Pictures --max 4        yours, with up to four runners
//! cargo run -p thumbnails -- holiday.mp4 --every 10    frames of a video, if `ffmpeg` is there
//! cargo run -p thumbnails -- --log info                with what the runners say, in the log
//! cargo run -p thumbnails -F fly -- --backend fly      on Fly, in machines that come and go
//! ```

mod failure;
mod job;
mod log;
mod runners;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Parser;
use flame::{ChildProcess, InProcess, Pool};
use futures_util::{StreamExt, stream};
use thumbnails::source::{self, Listing, Picture, Source};
use thumbnails::video::{self, Frame, VideoError};
use thumbnails::{Arguments, Backend, Blob, Made, PictureError, Report};
use tracing::level_filters::LevelFilter;
use tracing::{Instrument, info, info_span};

use crate::failure::Failure;
use crate::job::Job;
use crate::runners::Runners;

/// The work that runs elsewhere: decode one picture and make small ones of it.
#[flame::remote]
fn make_thumbnails(name: String, picture: &Blob, sizes: &[u32]) -> Result<Made, PictureError> {
    let made = Made::from_picture(name, picture, sizes)?;
    info!(width = made.width, height = made.height, "decoded");
    Ok(made)
}

/// The other work that runs elsewhere: let `ffmpeg` take pictures out of a video.
#[flame::remote]
fn take_frames(video: &Path, interval: u32) -> Result<Vec<Frame>, VideoError> {
    video::take_frames(video::FFMPEG.as_ref(), video, interval)
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let runner = flame::runner();
    let arguments = Arguments::parse();
    if arguments.log > LevelFilter::OFF {
        log::start(arguments.log)?;
    }
    if let Some(runner) = runner {
        runner.serve().await?;
        return Ok(ExitCode::SUCCESS);
    }

    let pool = start_pool(&arguments).await?;
    let listing = find_pictures(&pool, &arguments)
        .await
        .with_context(|| arguments.source.display().to_string())?;
    let (report, verdict) = run(&pool, &arguments, listing).await?;
    write!(std::io::stdout().lock(), "{report}")?;
    Ok(verdict)
}

async fn start_pool(arguments: &Arguments) -> anyhow::Result<Pool> {
    let builder = Pool::builder("thumbnails")
        .max(arguments.max)
        .max_concurrency(arguments.concurrency)
        .idle_shutdown_after(arguments.idle);
    let builder = match arguments.backend {
        None => builder,
        Some(Backend::ChildProcess) => builder.backend(ChildProcess::new()),
        Some(Backend::InProcess) => builder.backend(InProcess::new()),
        #[cfg(feature = "fly")]
        Some(Backend::Fly) => builder.backend(flame::FlyBackend::from_env()?),
    };
    Ok(builder.start().await?)
}

async fn find_pictures(pool: &Pool, arguments: &Arguments) -> anyhow::Result<Listing> {
    let listing = match source::open(&arguments.source)? {
        Source::Pictures(listing) => listing,
        Source::Video(video) => {
            Listing::from(take_frames(&video, arguments.every).on(pool).await??)
        }
    };
    ensure!(!listing.is_empty(), "no pictures here");
    Ok(listing)
}

async fn run(
    pool: &Pool,
    arguments: &Arguments,
    listing: Listing,
) -> anyhow::Result<(Report, ExitCode)> {
    let mut job = Job::start(arguments, listing.len())
        .with_context(|| arguments.out.display().to_string())?;
    for (name, reason) in listing.refused {
        job.add(name, Err(reason.into()))?;
    }
    let runners = Runners::watch(pool, job.progress());
    let sizes = arguments.sizes();
    let mut work = stream::iter(listing.pictures)
        .map(|picture| async { (picture.name().to_owned(), make(pool, picture, &sizes).await) })
        // Pictures are read when their turn comes, so that a large folder does not fill the memory.
        .buffer_unordered(arguments.max * arguments.concurrency);
    while let Some((name, result)) = work.next().await {
        job.add(name, result)?;
    }
    drop(work);
    pool.shutdown().await;
    runners.last_look().await;
    job.finish().await
}

async fn make(pool: &Pool, picture: Picture, sizes: &[u32]) -> Result<Made, Failure> {
    let name = picture.name().to_owned();
    let picture = picture.read().await?;
    let span = info_span!("picture", name);
    let made = make_thumbnails(name, &picture, sizes).on(pool);
    Ok(made.instrument(span).await??)
}
