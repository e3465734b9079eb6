//! Metrics, as Prometheus gets them.

use std::net::TcpListener;
use std::process::Command;

use anyhow::ensure;

use super::check::{Check, Outcome};
use super::program::Program;
use super::stage::Stage;

pub(super) const CHECKS: &[Check] = &[Check {
    name: "prometheus tells what its runners did",
    look: tells,
}];

/// Lines of a scrape that must be there whatever the host is like.
const TOLD: [&str; 8] = [
    "# TYPE flame_call_seconds histogram",
    "flame_calls_ended_total{pool=\"primes\",kind=\"call\",outcome=\"returned\"} 20",
    "flame_calls_ended_total{pool=\"primes\",kind=\"call\",outcome=\"failed\"} 1",
    "flame_call_seconds_count{pool=\"primes\",kind=\"call\",outcome=\"returned\"} 20",
    "flame_calls_queued{pool=\"primes\",kind=\"call\"} 0",
    "flame_runners{pool=\"primes\",phase=\"ready\"} 2",
    "flame_boot_seconds_count{pool=\"primes\"} 2",
    "flame_pool_degraded{pool=\"primes\"} 0",
];

fn tells(stage: &Stage) -> anyhow::Result<Outcome> {
    let mut command = Command::new(stage.example("prometheus")?);
    // A port that is free now, for there is no way to be told of one that the program chose.
    let free = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
    command.arg(free.to_string());
    let told = Program::run(command)?.succeeded()?;
    for line in TOLD {
        ensure!(
            told.stdout.lines().any(|said| said == line),
            "it does not tell {line}{}",
            told.said()
        );
    }
    let numbers = told.stdout.lines().filter(|line| !line.starts_with('#'));
    Ok(Outcome::Passed(format!("{} numbers", numbers.count())))
}
