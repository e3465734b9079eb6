//! Lives on the simulated network, each in a process of its own, and each twice.

#![allow(clippy::unwrap_used, reason = "a failing test should stop at once")]
#![allow(
    clippy::print_stdout,
    reason = "whoever asks for a life wants to read it"
)]

use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// Lives in an ordinary test run.
const SEEDS: u64 = 8;

/// Lives that once broke a promise, or a first idea of one. 11: a machine without power, which only silence tells.
/// 53: calls that are cancelled while nobody hears that they have ended.
const KEPT: &[u64] = &[11, 53];

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap())
}

/// The story of the life with this seed.
fn live(seed: u64) -> String {
    let life = Command::new(env!("CARGO_BIN_EXE_flame-sim-net"))
        .arg(seed.to_string())
        .output()
        .unwrap();
    let story = String::from_utf8_lossy(&life.stdout).into_owned();
    let errors = String::from_utf8_lossy(&life.stderr);
    assert!(
        life.status.success(),
        "{story}{errors}\nrepeat it with: cargo xtask sim --net --seed {seed}"
    );
    story
}

/// Lives all of them, as many at a time as there are processors, and returns how each ended.
fn live_twice(seeds: &[u64]) -> Vec<String> {
    let next = AtomicU64::new(0);
    let next = || seeds.get(next.fetch_add(1, Ordering::Relaxed) as usize);
    let work = || {
        let mut ends = Vec::new();
        while let Some(&seed) = next() {
            let (first, second) = (live(seed), live(seed));
            assert!(
                first == second,
                "seed {seed} had two lives:\n{first}\n{second}"
            );
            ends.push(first.lines().last().unwrap().to_owned());
        }
        ends
    };
    thread::scope(|scope| {
        let processors = thread::available_parallelism().map_or(1, Into::into);
        let workers: Vec<_> = (0..processors).map(|_| scope.spawn(work)).collect();
        let ends = workers.into_iter().map(|worker| worker.join().unwrap());
        ends.flatten().collect()
    })
}

#[test]
fn every_life_on_a_simulated_network_keeps_its_promises_and_is_lived_the_same_twice() {
    if let Some(seed) = number("FLAME_SIM_SEED") {
        println!("{}", live(seed));
        return;
    }
    let seeds = number("FLAME_SIM_SEEDS").unwrap_or(SEEDS);
    let kept = KEPT.iter().copied().filter(|seed| *seed >= seeds);
    let seeds: Vec<_> = (0..seeds).chain(kept).collect();
    let mut ends = live_twice(&seeds);
    ends.sort();
    ends.iter().for_each(|end| println!("{end}"));
    println!("{} lives, each twice, every promise kept", ends.len());
}
