//! `flame fly`: what there is in one app on Fly, and ending it.

mod age;
mod table;

use flame_fly::{ConfigError, FlyConfig, FlyError, FlyFleet, FlyListed};
use serde::Serialize;

use crate::exit::Exit;
use crate::say;

/// What to do.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Lists the machines that flame has made, those of others left out.
    Ps {
        #[command(flatten)]
        common: Common,
    },
    /// Ends machines whose parent is certainly gone, as every parent does once a minute.
    Reap {
        #[command(flatten)]
        common: Common,
        /// Ends those too that may have a parent: all that `flame fly ps` lists. Calls on them are lost.
        #[arg(long)]
        all: bool,
        /// Ends nothing, and lists what would be ended.
        #[arg(long)]
        dry_run: bool,
    },
}

/// Where to look. What is not given is read from flame.toml and the environment, as the app itself does.
#[derive(clap::Args)]
pub(crate) struct Common {
    /// The app. Unless given: section [fly] of flame.toml, or FLY_APP_NAME.
    #[arg(long)]
    app: Option<String>,
    /// Only machines of this pool.
    #[arg(long)]
    pool: Option<String>,
    /// Writes one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Why it came to nothing.
enum Problem {
    Config(ConfigError),
    Fly(FlyError),
}

/// Does it, and says what the command is to exit with.
pub(crate) async fn run(command: Command) -> Exit {
    let done = match &command {
        Command::Ps { common } => ps(common).await,
        Command::Reap {
            common,
            all,
            dry_run,
        } => reap(common, *all, *dry_run).await,
    };
    match done {
        Ok(exit) => exit,
        Err(Problem::Config(error)) => {
            say::problem(&error.to_string());
            Exit::Configuration
        }
        Err(Problem::Fly(error)) => {
            say::problem(&error.to_string());
            Exit::Provider
        }
    }
}

async fn ps(common: &Common) -> Result<Exit, Problem> {
    let fleet = fleet(common)?;
    let found = of_pool(fleet.list().await.map_err(Problem::Fly)?, common);
    show(&found, common, fleet.app());
    Ok(Exit::Fine)
}

async fn reap(common: &Common, all: bool, dry_run: bool) -> Result<Exit, Problem> {
    let fleet = fleet(common)?;
    let found = if all {
        fleet.list().await
    } else {
        fleet.strays().await
    };
    let found = of_pool(found.map_err(Problem::Fly)?, common);
    if dry_run {
        show(&found, common, fleet.app());
        return Ok(Exit::Fine);
    }
    let mut exit = Exit::Fine;
    for listed in &found {
        let ended = fleet.end(&listed.id).await;
        if ended.is_err() {
            exit = Exit::Failed;
        }
        tell(listed, ended.err().map(|error| error.to_string()), common);
    }
    if found.is_empty() && !common.json {
        say::line(&format!("nothing to end in {}", fleet.app()));
    }
    Ok(exit)
}

fn fleet(common: &Common) -> Result<FlyFleet, Problem> {
    let config = FlyConfig::load().map_err(Problem::Config)?;
    let app = common.app.clone().or_else(|| config.app.clone());
    FlyFleet::new(FlyConfig { app, ..config }).map_err(Problem::Config)
}

fn of_pool(mut found: Vec<FlyListed>, common: &Common) -> Vec<FlyListed> {
    if let Some(pool) = &common.pool {
        found.retain(|listed| listed.pool.as_ref() == Some(pool));
    }
    found
}

fn show(found: &[FlyListed], common: &Common, app: &str) {
    if common.json {
        found.iter().for_each(say::json);
    } else if found.is_empty() {
        say::line(&format!("nothing of flame's in {app}"));
    } else {
        table::lines(found).iter().for_each(|line| say::line(line));
    }
}

/// What became of one, for programs.
#[derive(Serialize)]
struct Reaped<'a> {
    #[serde(flatten)]
    listed: &'a FlyListed,
    error: Option<String>,
}

fn tell(listed: &FlyListed, error: Option<String>, common: &Common) {
    if common.json {
        return say::json(&Reaped { listed, error });
    }
    match error {
        None => say::line(&format!("ended {} ({})", listed.id, listed.name)),
        Some(error) => say::problem(&format!("{} ({}): {error}", listed.id, listed.name)),
    }
}
