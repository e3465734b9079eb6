//! Builds a full-text index of a folder once, on a runner, and asks it many times.
//!
//! The index is far too large to send about, and takes a while to build. It stays on the runner as a `Resident`; what
//! travels is its handle, the questions and the answers.

#![expect(clippy::print_stdout, reason = "printing is what this program is for")]

mod index;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Parser;
use flame::{Pool, Resident, task};

use index::{Found, Size, TextIndex};

/// Finds texts in all files below a folder.
#[derive(Parser)]
struct Args {
    /// Where to look. The sources of this workspace unless given.
    folder: Option<PathBuf>,
    /// What to look for; may be given several times.
    #[arg(long = "find", default_values = ["Resident", "fn settle", "xyzzy plugh"])]
    find: Vec<String>,
    /// Crashes the runner in the middle, and builds the index again.
    #[arg(long)]
    crash: bool,
}

/// How often everything is asked once more.
const ROUNDS: usize = 200;

#[flame::remote]
fn build(folder: PathBuf) -> anyhow::Result<(Resident<TextIndex>, Size, u32)> {
    let index = TextIndex::build(&folder)?;
    let size = index.size();
    Ok((Resident::new(index), size, std::process::id()))
}

#[flame::remote]
fn find(index: Resident<TextIndex>, pattern: String) -> Option<Found> {
    index.get().map(|index| index.find(&pattern))
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    if let Some(runner) = flame::runner() {
        return Ok(runner.serve().await?);
    }
    let args = Args::parse();
    let pool = Pool::builder("texts")
        .max(1)
        .max_concurrency(4)
        .timeout(Duration::from_secs(120))
        .start()
        .await?;
    let mut index = load(&pool, &args).await?;
    for pattern in &args.find {
        show(&pool, &index, pattern).await?;
    }
    ask_much(&pool, &index, &args.find).await?;
    if args.crash {
        index = lose(&pool, index, &args).await?;
        for pattern in &args.find {
            show(&pool, &index, pattern).await?;
        }
    }
    drop(index);
    pool.shutdown().await;
    Ok(())
}

async fn load(pool: &Pool, args: &Args) -> anyhow::Result<Resident<TextIndex>> {
    let sources = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates"));
    let folder = args.folder.clone().unwrap_or_else(sources);
    let began = Instant::now();
    let (index, size, process) = build(folder).on(pool).await??;
    println!(
        "process {process} has indexed {} files, {} KiB, in {:.1} s; this is process {}",
        size.files,
        size.bytes / 1024,
        began.elapsed().as_secs_f64(),
        std::process::id()
    );
    Ok(index)
}

async fn show(pool: &Pool, index: &Resident<TextIndex>, pattern: &str) -> anyhow::Result<()> {
    let found = find(index.clone(), pattern.to_owned()).on(pool).await?;
    let found = found.unwrap_or(Found {
        times: 0,
        first: None,
    });
    match found.first {
        Some((path, line, words)) => {
            let words: String = words.chars().take(60).collect();
            println!(
                "{:>6}  {pattern:?}, first in {path}:{line}: {words}",
                found.times
            );
        }
        None => println!("{:>6}  {pattern:?}", found.times),
    }
    Ok(())
}

async fn ask_much(
    pool: &Pool,
    index: &Resident<TextIndex>,
    patterns: &[String],
) -> anyhow::Result<()> {
    let began = Instant::now();
    let questions = std::iter::repeat_n(patterns, ROUNDS).flatten().cloned();
    let mut answers = pool.map(questions, |pattern| {
        let index = index.clone();
        task!(|index, pattern| index.get().map(|index| index.find(&pattern)))
    });
    let mut asked = 0_u32;
    while let Some((_, answer)) = answers.next().await {
        answer?;
        asked += 1;
    }
    println!(
        "asked {asked} times more, {:.2} ms each with the way there and back",
        began.elapsed().as_secs_f64() * 1e3 / f64::from(asked.max(1))
    );
    Ok(())
}

/// What is lost with its runner has to be built again.
async fn lose(
    pool: &Pool,
    index: Resident<TextIndex>,
    args: &Args,
) -> anyhow::Result<Resident<TextIndex>> {
    drop(pool.cast(task!(|| -> () { std::process::abort() }))?);
    println!("the index is gone: {}", index.closed().await);
    let refused = find(index, String::new()).on(pool).await;
    if let Err(error) = refused {
        println!("{error}");
    }
    load(pool, args).await
}
