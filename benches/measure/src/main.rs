//! Runs the contestants in turn, compares them with the goals, and writes it down. `cargo xtask bench` builds and
//! starts it.

mod anchors;
mod contestants;
mod counts;
mod goal;
mod goals;
mod guest;
mod host;
mod job;
mod number;
mod orders;
mod plots;
mod reasons;
mod report;
mod results;
mod stat;
mod tables;
mod who;
mod words;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, ensure};
use clap::Parser as _;
use works::Work;

use contestants::Contestant;
use guest::Guest;
use host::Host;
use job::Job;
use reasons::Reasons;
use report::Notes;
use results::Results;

/// Runs works A to I, ours and the peers' in turn, and compares them with the goals.
#[derive(clap::Parser)]
#[command(name = "cargo xtask bench")]
struct Args {
    /// One short round, in under two minutes. The numbers are rough.
    #[arg(long)]
    quick: bool,
    /// Does these works only: A to I, C' for small calls beside a large one, and `tuning`, which nothing else asks for.
    #[arg(long, value_delimiter = ',', value_name = "WORKS")]
    only: Vec<Work>,
    /// Who else takes part: `ray`; `beam=` and the folder of a FLAME checkout; `nodes`, which is what FLAME on the BEAM
    /// builds upon. They have to be installed.
    #[arg(long, value_name = "GUEST")]
    with: Vec<Guest>,
    /// Ours as it was before, a program of another checkout: `cargo xtask bench --against` builds one.
    #[arg(long, hide = true, value_name = "PROGRAM")]
    before: Option<PathBuf>,
    /// How often everything is done. 3 unless given, and 1 with `--quick`.
    #[arg(long)]
    rounds: Option<usize>,
    /// What the order within the rounds follows from; random unless given.
    #[arg(long)]
    seed: Option<u64>,
    /// Where BENCHMARKS.md and the plots go. The workspace after a whole run of three rounds or more, and
    /// `target/bench` after any other.
    #[arg(long, value_name = "FOLDER")]
    into: Option<PathBuf>,
    /// The folder of the workspace.
    #[arg(long, hide = true, default_value = ".")]
    workspace: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    ensure!(
        cfg!(target_os = "linux"),
        "this reads /proc, which only Linux has"
    );
    let contestants = take_part(&args)?;
    let notes = read_notes(&args.workspace)?;
    let seed = args.seed.unwrap_or_else(|| fastrand::u64(..1 << 32));
    let rounds = args.rounds.unwrap_or(if args.quick { 1 } else { 3 });
    say(&format!("{rounds} rounds, seed {seed}"));
    let host = Host::of(&args.workspace, rounds, seed, args.quick)?;

    let mut results = measure(&args, &contestants, rounds, seed)?;
    ensure!(!results.is_empty(), "nobody does any of these works");
    if results.has(contestants::OURS_CORE) {
        let baseline = args.workspace.join("benches/instructions/baseline.txt");
        let counts = std::fs::read_to_string(&baseline)
            .with_context(|| format!("cannot read {}", baseline.display()))?;
        results.add(contestants::OURS_CORE, counts::of_checkouts(&counts)?);
    }
    let report = report::write(&results, &contestants, &host, &notes);
    let gain = report::write_gain(&results, &contestants, &host);
    tell(gain.as_ref().unwrap_or(&report));

    // What says little is not to stand where everybody looks.
    let is_long = !args.quick && rounds >= 3;
    let is_whole = is_long && (args.only.is_empty() || gain.is_some());
    let folder = args.into.clone().unwrap_or_else(|| {
        let workspace = &args.workspace;
        if is_whole {
            workspace.clone()
        } else {
            workspace.join("target/bench")
        }
    });
    match gain {
        Some(gain) => write(&folder.join(GAIN), &gain),
        None => {
            write(&folder.join("BENCHMARKS.md"), &report)?;
            let plots = folder.join("benches/plots");
            make(&plots)?;
            plots::draw(&results, &contestants, &plots)
        }
    }
}

/// The next whole report has it as a section.
const GAIN: &str = "benches/gain.md";

fn read_notes(workspace: &Path) -> anyhow::Result<Notes> {
    let read = |file: &str| {
        let path = workspace.join(file);
        std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let has_gain = workspace.join(GAIN).exists();
    Ok(Notes {
        reasons: Reasons::read(&workspace.join("benches/why-not.txt"))?,
        found: read("benches/found.md")?,
        gain: if has_gain { read(GAIN)? } else { String::new() },
    })
}

fn take_part(args: &Args) -> anyhow::Result<Vec<Contestant>> {
    if let Some(before) = &args.before {
        return contestants::before(before);
    }
    let mut contestants = contestants::all()?;
    let adapters = args.workspace.join("benches/adapters");
    for guest in &args.with {
        contestants.push(guest.contestant(&adapters)?);
    }
    Ok(contestants)
}

/// Every contestant does every work of its own, in an order that differs from round to round.
fn measure(
    args: &Args,
    contestants: &[Contestant],
    rounds: usize,
    seed: u64,
) -> anyhow::Result<Results> {
    let mut random = fastrand::Rng::with_seed(seed);
    let wanted = |work: &Work| match args.only.is_empty() {
        true => *work != Work::Tuning,
        false => args.only.contains(work),
    };
    let mut results = Results::default();
    for round in 1..=rounds {
        let mut jobs: Vec<Job<'_>> = contestants
            .iter()
            .flat_map(|contestant| {
                let works = contestant.works.iter().copied().filter(wanted);
                works.map(|work| Job { contestant, work })
            })
            .collect();
        random.shuffle(&mut jobs);
        let (count, start) = (jobs.len(), Instant::now());
        for (at, job) in jobs.into_iter().enumerate() {
            let began = Instant::now();
            let told = job.run(args.quick);
            let seconds = began.elapsed().as_secs_f64();
            let (at, name, work) = (at + 1, job.contestant.name, job.work);
            say(&format!("{at}/{count} {name}, {work:?}: {seconds:.1} s"));
            match told {
                Ok(numbers) => results.add(job.contestant.name, numbers),
                // One that fails is one that is missing; whoever reads has to know.
                Err(error) => results.failed(job.contestant.name, job.work, &error),
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        say(&format!(
            "round {round} of {rounds}: {count} measurements in {seconds:.0} s"
        ));
    }
    Ok(results)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    make(path.parent().unwrap_or(path))?;
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    say(&format!("written to {}", path.display()));
    Ok(())
}

fn make(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

/// Says what happens, while it happens.
#[expect(clippy::print_stderr, reason = "this is a program for people")]
fn say(line: &str) {
    eprintln!("{line}");
}

/// Tells the outcome.
#[expect(clippy::print_stdout, reason = "this is a program for people")]
fn tell(text: &str) {
    println!("{text}");
}
