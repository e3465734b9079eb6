//! The works, done by others: as little as each way to call another process needs, and no pool, no deadline, no
//! guard and no counter.

mod calls;
mod channel;
mod child;
mod framed;
mod link;
mod multiplexed;
mod outbox;
mod ping_pong;
mod procspawn_pool;
mod stream;
mod unary;

use clap::Parser as _;
use works::Plan;

use link::Way;

/// The messages of the gRPC peers.
mod wire {
    #![allow(
        missing_docs,
        unreachable_pub,
        unused_qualifications,
        clippy::all,
        reason = "generated"
    )]
    tonic::include_proto!("peers");
}

/// A peer that measures, or its runner.
#[derive(clap::Parser)]
enum Cli {
    /// Does the works.
    Measure {
        /// Which one.
        peer: Peer,
        /// By what parent and runner are joined.
        #[arg(long, default_value = "unix")]
        way: Way,
        #[command(flatten)]
        plan: Plan,
    },
    /// Serves its parent.
    Runner {
        /// Which one.
        peer: Peer,
        /// Where its parent is.
        parent: String,
    },
    /// Says one word, and ends.
    Hello,
}

/// The ways to call another process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Peer {
    /// A blocking socket with a thread at each end, one call at a time: the limit.
    PingPong,
    /// Frames of our own over a socket, calls multiplexed.
    Framed,
    /// One gRPC stream, calls multiplexed, a task for each.
    Stream,
    /// A gRPC call for each call.
    Unary,
    /// The `procspawn` crate's pool.
    Procspawn,
    /// A channel to a task of the same process: the limit there.
    Channel,
}

fn main() -> anyhow::Result<()> {
    // Its children do not get further than this.
    procspawn::init();
    match Cli::parse() {
        Cli::Hello => child::say_hello(),
        Cli::Runner {
            peer: Peer::PingPong,
            parent,
        } => ping_pong::serve(&parent),
        Cli::Runner { peer, parent } => runtime()?.block_on(serve(peer, &parent)),
        Cli::Measure { peer, way, plan } => match peer {
            Peer::PingPong => ping_pong::measure(way, &plan),
            Peer::Procspawn => procspawn_pool::measure(&plan),
            Peer::Channel => runtime()?.block_on(channel::measure(&plan)),
            Peer::Framed | Peer::Stream | Peer::Unary => {
                runtime()?.block_on(multiplexed::measure(peer, way, &plan))
            }
        },
    }
}

/// As `#[tokio::main]` makes it.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
}

async fn serve(peer: Peer, parent: &str) -> anyhow::Result<()> {
    match peer {
        Peer::Framed => framed::serve(parent).await,
        Peer::Stream => stream::serve(parent).await,
        Peer::Unary => unary::serve(parent).await,
        Peer::PingPong | Peer::Procspawn | Peer::Channel => {
            anyhow::bail!("{peer:?} has no such runner")
        }
    }
}
