use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use tracing::level_filters::LevelFilter;

use crate::thumbnail::LARGEST_SIZE;

/// The pictures that ship with this example.
const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/pictures");

/// Makes thumbnails of a folder of pictures, or of a video, on runners that come and go.
#[derive(Clone, Debug, Parser)]
#[command(version)]
pub struct Arguments {
    /// A folder of pictures, one picture, or a video (which needs `ffmpeg`).
    #[arg(default_value = SHIPPED, hide_default_value = true)]
    pub source: PathBuf,

    /// Where the thumbnails and the contact sheet go.
    #[arg(long, value_name = "FOLDER", default_value = "thumbnails-out")]
    pub out: PathBuf,

    /// The longest sides of the thumbnails, in pixels.
    #[arg(
        long,
        value_name = "PIXELS",
        value_delimiter = ',',
        default_value = "64,128,256",
        value_parser = clap::value_parser!(u32).range(1..=i64::from(LARGEST_SIZE))
    )]
    pub sizes: Vec<u32>,

    /// How many runners there may be at once.
    #[arg(long, value_name = "RUNNERS", default_value_t = 2, value_parser = at_least_one)]
    pub max: usize,

    /// How many pictures one runner works on at once.
    #[arg(long, value_name = "PICTURES", default_value_t = 2, value_parser = at_least_one)]
    pub concurrency: usize,

    /// What runners are. If it is not said here, `FLAME_BACKEND` or `flame.toml` say it, or else they are child
    /// processes.
    #[arg(long, value_enum)]
    pub backend: Option<Backend>,

    /// How long a runner without work stays.
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    pub idle: Duration,

    /// Of a video: take one frame every so many seconds.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 5,
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    pub every: u32,

    /// Say what happens, here and on the runners: `error`, `warn`, `info`, `debug` or `trace`.
    #[arg(
        long,
        value_name = "LEVEL",
        default_value = "off",
        hide_default_value = true
    )]
    pub log: LevelFilter,
}

/// What runners are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Backend {
    /// A second copy of this program.
    ChildProcess,
    /// A part of this process.
    InProcess,
    /// A Fly Machine, as the environment and the section `[fly]` of `flame.toml` say.
    #[cfg(feature = "fly")]
    Fly,
}

impl Arguments {
    /// The sizes, each once, the smallest first.
    #[must_use]
    pub fn sizes(&self) -> Vec<u32> {
        let mut sizes = self.sizes.clone();
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err(String::from("at least 1 is needed")),
        Ok(count) => Ok(count),
        Err(error) => Err(format!("{error}")),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|error| format!("{error}"))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| format!("{error}"))
}
