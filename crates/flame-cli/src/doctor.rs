//! `flame doctor`: what a program finds when it does what a pool does.
//!
//! The program does it itself, in `flame::runner()`: runners are copies of it, so only it can start one.

mod patient;
mod report;

use std::ffi::OsString;
use std::time::Duration;

use flame_proto::probe::{ProbeReport, ProbeRequest, Verdict};

use crate::exit::Exit;
use crate::say;
use patient::{Patient, Silence};
use report::Report;

/// What to look at.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Names the pool whose settings in flame.toml and the environment are used.
    #[arg(long)]
    pool: Option<String>,
    /// Takes this backend in place of the configured one, as FLAME_BACKEND does.
    #[arg(long)]
    backend: Option<String>,
    /// Sends nothing and starts no runner; prints what would be sent.
    #[arg(long)]
    dry_run: bool,
    /// Writes one JSON object a line.
    #[arg(long)]
    json: bool,
    /// How many seconds the program may take until it calls flame::runner().
    #[arg(long, default_value_t = 30, value_name = "SECONDS")]
    patience: u64,
    /// The program, with its arguments.
    #[arg(last = true, required = true)]
    program: Vec<OsString>,
}

/// Looks, tells, and says what the command is to exit with.
pub(crate) async fn run(args: &Args) -> Exit {
    let request = ProbeRequest {
        pool: args.pool.clone(),
        dry_run: args.dry_run,
    };
    let patience = Duration::from_secs(args.patience);
    let report = Report::new(args.json);
    match listen(args, &request, patience, &report).await {
        Ok(exit) => exit,
        Err(silence) => {
            report.end();
            say::problem(&silence.to_string());
            Exit::Program
        }
    }
}

async fn listen(
    args: &Args,
    request: &ProbeRequest,
    patience: Duration,
    report: &Report,
) -> Result<Exit, Silence> {
    report.began("program");
    let backend = args.backend.as_deref();
    let mut patient = Patient::start(&args.program, backend, request, patience).await?;
    let mut exit = Exit::Fine;
    let mut current = String::new();
    loop {
        match patient.next().await? {
            Some(ProbeReport::Began { step }) => {
                report.began(&step);
                current = step;
            }
            Some(ProbeReport::Ended {
                step,
                verdict,
                took,
                detail,
            }) => {
                if verdict == Verdict::Failed {
                    exit = Exit::Failed;
                }
                report.ended(&step, verdict, took, &detail);
            }
            Some(ProbeReport::Finished) => break,
            None => {
                return Err(Silence::Ended {
                    when: format!("in the step {current:?}"),
                    how: patient.end().await,
                });
            }
        }
    }
    report.end();
    Ok(exit)
}
