//! The works, done by flame, with all that a user gets: a deadline for each call, cancellation, a guard against
//! panics, and counters.

mod empty;
mod network;
mod runners;
mod scale;
mod tuning;
mod vecs;

use anyhow::bail;
use clap::Parser as _;
use flame::{InProcess, Pool, PoolBuilder};
use works::{Contestant, Plan, Work};

use network::Network;
use runners::Runners;
use vecs::Vecs;

/// Which contestant this is.
#[derive(clap::Parser)]
struct Cli {
    /// Where runners run, and as what large payloads travel.
    #[arg(long, default_value = "child")]
    way: Way,
    #[command(flatten)]
    plan: Plan,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Way {
    /// In child processes.
    Child,
    /// In child processes that call back over TCP and TLS.
    Tls,
    /// In child processes; payloads are a `Vec<u8>` instead of a `Blob`.
    Vec,
    /// In this process.
    InProcess,
}

impl Way {
    fn pool(self) -> PoolBuilder {
        let builder = Pool::builder("bench");
        match self {
            Self::Child | Self::Vec => builder,
            Self::Tls => builder.backend(Network::default()),
            Self::InProcess => builder.backend(InProcess::new()),
        }
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    if let Some(runner) = flame::runner() {
        return Ok(runner.serve().await?);
    }
    let Cli { way, plan } = Cli::parse();
    for work in &plan.works {
        match work {
            Work::Cold => empty::cold(way, &plan).await?,
            Work::Burst => empty::burst(way, &plan).await?,
            Work::Scale => scale::measure().await?,
            Work::Tuning => tuning::measure(&plan).await?,
            _ => warm(way, *work, &plan).await?,
        }
    }
    Ok(())
}

/// The works that begin with one runner, which is ready.
async fn warm(way: Way, work: Work, plan: &Plan) -> anyhow::Result<()> {
    let mut builder = way.pool().max(1).max_concurrency(256);
    if let Work::Queued = work {
        builder = builder.max_concurrency(works::IN_FLIGHT);
    }
    let pool = builder.start().await?;
    let runners = Runners::of(pool.clone()).await?;
    match way {
        Way::Vec => done(work, &Vecs(runners), plan).await?,
        Way::Child | Way::Tls | Way::InProcess => done(work, &runners, plan).await?,
    }
    pool.shutdown().await;
    Ok(())
}

async fn done(work: Work, contestant: &impl Contestant, plan: &Plan) -> anyhow::Result<()> {
    match work {
        Work::Warm => works::warm(contestant, plan).await,
        Work::Concurrent => works::concurrent(contestant, plan).await,
        Work::Large => works::large(contestant, plan).await,
        Work::Mixed => works::mixed(contestant, plan).await,
        Work::Memory => works::footprint(contestant).await,
        Work::Queued => works::queued(contestant, None).await,
        Work::Cold | Work::Burst | Work::Core | Work::Scale | Work::Tuning => {
            bail!("{work:?} is not done here")
        }
    }
}
