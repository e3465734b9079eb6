//! The paths that every call takes, alone: in time, for work H, and counted in instructions by callgrind, which gives
//! the same number on a busy machine and on a quiet one and can therefore be compared with a committed one.

mod baseline;
mod callgrind;
mod cases;
mod checkouts;
mod frames;
mod time;
mod values;

use clap::Parser as _;
use works::Plan;

/// What to do.
#[derive(clap::Parser)]
enum Cli {
    /// Work H: what checkouts take.
    Time(Plan),
    /// Does one case, for callgrind.
    Run {
        /// Its name.
        case: String,
    },
    /// Counts all cases, and compares them with the committed counts.
    Check {
        /// Writes the counts instead.
        #[arg(long)]
        write: bool,
    },
}

fn main() -> anyhow::Result<()> {
    match Cli::parse() {
        Cli::Time(_) => time::measure(),
        Cli::Run { case } => cases::run(&case),
        Cli::Check { write } => baseline::check(write),
    }
}
