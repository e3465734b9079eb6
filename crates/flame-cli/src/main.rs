//! The command `flame`: says which step of starting a runner fails, and clears up on Fly.

mod doctor;
mod exit;
mod fly;
mod say;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use exit::Exit;

/// Looks after apps that use flame.
#[derive(Parser)]
#[command(name = "flame", version, after_help = exit::HELP)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Starts a program, lets it boot one runner and make one call, and says how each step went.
    Doctor(doctor::Args),
    /// Lists and ends what flame has made in one app on Fly.
    #[command(subcommand)]
    Fly(fly::Command),
}

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let exit = match runtime {
        Ok(runtime) => runtime.block_on(async {
            match args.command {
                Command::Doctor(args) => doctor::run(&args).await,
                Command::Fly(command) => fly::run(command).await,
            }
        }),
        Err(error) => {
            say::problem(&format!("no event loop can be made: {error}"));
            Exit::Failed
        }
    };
    ExitCode::from(exit.code())
}
