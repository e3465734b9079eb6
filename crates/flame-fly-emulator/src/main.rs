//! Stands in for the Fly Machines API until it is interrupted.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;
use flame_fly_emulator::{Emulator, EmulatorConfig, Program, Recipe};

/// Stands in for the Fly Machines API, and boots machines as local processes. For tests.
#[derive(Debug, Parser)]
struct Args {
    /// Where to answer.
    #[arg(long, default_value = "127.0.0.1:4280")]
    listen: SocketAddr,
    /// The app that there is.
    #[arg(long)]
    app: String,
    /// A token for it.
    #[arg(long)]
    token: String,
    /// What machines with an image run; may be given several times.
    #[arg(long, value_name = "NAME=PATH", value_parser = image)]
    image: Vec<(String, PathBuf)>,
    /// A variable of this process that machines see, too; may be given several times.
    #[arg(long, value_name = "NAME")]
    pass: Vec<String>,
    /// Whether rates are limited.
    #[arg(long, default_value = "off", value_parser = switch, action = clap::ArgAction::Set)]
    rate_limits: bool,
    /// What goes wrong, by name: `lost_create`, `boots_then_exits:3`, `pull_fails*1`; may be given several times.
    #[arg(long, value_name = "RECIPE")]
    fault: Vec<Recipe>,
    /// Where to write down all requests and all states of machines, a line of JSON each.
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let args = Args::parse();
    let mut config = EmulatorConfig::new(&args.app)
        .token(&args.token)
        .listen(args.listen)
        .rate_limits(args.rate_limits);
    for (name, path) in args.image {
        let program = Program::new(path);
        let program = args.pass.iter().fold(program, Program::pass);
        config = config.image(name, program);
    }
    let emulator = match &args.journal {
        Some(path) => Emulator::start_with_journal(config, path).await?,
        None => Emulator::start(config).await?,
    };
    for recipe in args.fault {
        emulator.apply(recipe);
    }
    let mut stdout = io::stdout();
    writeln!(stdout, "{}", emulator.base_url())?;
    stdout.flush()?;
    tokio::signal::ctrl_c().await
}

fn image(text: &str) -> Result<(String, PathBuf), String> {
    let (name, path) = text.rsplit_once('=').ok_or("write NAME=PATH")?;
    Ok((name.to_owned(), path.into()))
}

fn switch(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("write on or off".to_owned()),
    }
}
