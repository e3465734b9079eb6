//! Everything that is not `cargo build` or `cargo test`.

mod bench;
mod chaos;
mod ci;
mod codegen;
mod e2e;
mod fuzz;
mod picture;
mod run;
mod sim;
mod soak;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The workshop of flame.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measures, ours and others in turn, and compares with the goals.
    Bench(bench::Args),
    /// Torments parents and runners, and makes sure that no promise is broken.
    Chaos(chaos::Args),
    /// Runs every gate, fastest first.
    Ci(ci::Args),
    /// Writes the generated wire code.
    Codegen(codegen::Args),
    /// Drives the examples as real processes.
    E2e(e2e::Args),
    /// Lets libFuzzer look for bytes that hurt.
    Fuzz(fuzz::Args),
    /// Makes the picture of a run that the README shows.
    Picture,
    /// Lives pools through seeded faults.
    Sim(sim::Args),
    /// Keeps a parent busy for long, with faults, and looks whether it grows.
    Soak(soak::Args),
    /// Checks what neither rustc nor clippy checks.
    Tidy(tidy::Args),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Bench(args) => bench::run(&args),
        Command::Chaos(args) => chaos::run(&args),
        Command::Ci(args) => ci::run(&args),
        Command::Codegen(args) => codegen::run(&args),
        Command::E2e(args) => e2e::run(&args),
        Command::Fuzz(args) => fuzz::run(&args),
        Command::Picture => picture::run(),
        Command::Sim(args) => sim::run(&args),
        Command::Soak(args) => soak::run(&args),
        Command::Tidy(args) => tidy::run(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            run::say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
