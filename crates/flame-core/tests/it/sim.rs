//! Seeded lives of a pool and of a runner.
//!
//! A life is a function of one number: limits, callers, faults and their order. Every promise is checked
//! after every step. To see one life in full: `cargo xtask sim --seed N`. How many there are is taken from
//! `FLAME_SIM_SEEDS`.

mod books;
mod dice;
mod faults;
mod life;
mod pause;
mod plan;
mod promises;
mod runner_life;
mod schedule;
mod tally;
mod world;

use std::panic::{self, AssertUnwindSafe};

use life::{Broken, Life, Report};
use runner_life::{Deeds, Ends, RunnerLife, RunnerReport};
use tally::Tally;

/// Lives in an ordinary test run.
const SEEDS: u64 = 500;

#[expect(
    clippy::disallowed_methods,
    reason = "which lives to live is asked of the environment"
)]
fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|error| panic!("{variable}={text}: {error}")),
    )
}

fn live(seed: u64, with_transcript: bool) -> Report {
    survive(seed, || Life::new(seed, with_transcript).live())
}

fn live_as_runner(seed: u64, with_transcript: bool) -> RunnerReport {
    let life = || RunnerLife::new(seed, promises::epoch(), with_transcript).live();
    survive(seed, life)
}

fn survive<R>(seed: u64, life: impl FnOnce() -> Result<R, Box<Broken>>) -> R {
    // Whoever panics breaks a promise as well.
    let end = panic::catch_unwind(AssertUnwindSafe(life))
        .unwrap_or_else(|_| Err(Box::new(Broken::panicked(seed))));
    end.unwrap_or_else(|broken| {
        let transcript = broken.transcript.as_deref().unwrap_or_default();
        panic!(
            "{transcript}\nseed {}, step {}: broken promise: {}: {}\nrepeat it with: cargo xtask sim --seed {}",
            broken.seed, broken.step, broken.promise, broken.detail, broken.seed
        )
    })
}

#[test]
fn every_promise_holds_in_every_life() {
    if let Some(seed) = number("FLAME_SIM_SEED") {
        let report = live(seed, true);
        println!("{}", report.transcript.unwrap_or_default());
        println!("seed {seed} lives and keeps its promises");
        return;
    }
    let seeds = number("FLAME_SIM_SEEDS").unwrap_or(SEEDS);
    let mut tally = Tally::default();
    for seed in 0..seeds {
        tally.add(&live(seed, false));
    }
    tally.print();
    if seeds >= SEEDS {
        let untried = tally.untried();
        assert!(untried.is_empty(), "faults that never struck: {untried:?}");
    }
}

#[test]
fn every_runner_ends_itself() {
    if let Some(seed) = number("FLAME_SIM_SEED") {
        let report = live_as_runner(seed, true);
        println!("{}", report.transcript.unwrap_or_default());
        println!("seed {seed} ends as {:?}", report.end);
        return;
    }
    // They are short, so there are more of them.
    let seeds = 4 * number("FLAME_SIM_SEEDS").unwrap_or(SEEDS);
    let (mut steps, mut ends, mut deeds) = (0, Ends::new(), Deeds::default());
    for seed in 0..seeds {
        let report = live_as_runner(seed, false);
        steps += report.steps;
        deeds.add(report.deeds);
        *ends.entry(report.end).or_default() += 1;
    }
    println!("{seeds} runners' lives, {steps} steps, every promise kept");
    println!("{deeds:?}");
    for ((code, forced), count) in ends {
        let how = if forced { "by force" } else { "by itself" };
        println!("{count:>9}  exit code {code}, {how}");
    }
}

#[test]
fn a_seed_is_one_life() {
    for seed in 0..20 {
        let (first, second) = (live(seed, true), live(seed, true));
        assert_eq!(first, second, "seed {seed} had two lives");
        let (first, second) = (live_as_runner(seed, true), live_as_runner(seed, true));
        assert_eq!(first, second, "seed {seed} had two runners' lives");
    }
}
