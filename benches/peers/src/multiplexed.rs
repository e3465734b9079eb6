//! The works for the peers that call a child process from async code.

use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use bytes::Bytes;
use tokio::sync::Semaphore;
use works::{Contestant, Deed, Plan, RUNNERS, Work};

use crate::calls::Calls;
use crate::child::Process;
use crate::link::{Door, Way};
use crate::{Peer, framed, stream, unary};

/// A child process that stands ready; it ends with the last of these.
#[derive(Clone)]
struct Runner {
    line: Line,
    process: Arc<Process>,
}

#[derive(Clone)]
enum Line {
    Calls(Arc<Calls>),
    Unary(unary::Client),
}

impl Runner {
    async fn boot(peer: Peer, way: Way) -> anyhow::Result<Self> {
        let door = Door::open(way).await?;
        let process = Process::start(peer, &door.address()?)?.into();
        let line = match peer {
            Peer::Framed => Line::Calls(framed::accept(&door).await?),
            Peer::Stream => Line::Calls(stream::accept(door).await?),
            Peer::Unary => Line::Unary(unary::Client::accept(&door).await?),
            Peer::PingPong | Peer::Procspawn | Peer::Channel => bail!("{peer:?} is not booted so"),
        };
        Ok(Self { line, process })
    }

    async fn call(&self, deed: Deed, payload: Bytes) -> anyhow::Result<Bytes> {
        match &self.line {
            Line::Calls(calls) => calls.call(deed, payload).await,
            Line::Unary(client) => client.call(deed, payload).await,
        }
    }
}

impl Contestant for Runner {
    async fn add_one(&self, number: u64) -> anyhow::Result<u64> {
        let argument = Bytes::copy_from_slice(&number.to_le_bytes());
        let result = self.call(Deed::AddOne, argument).await?;
        let bytes = result[..].try_into().context("this is no number")?;
        Ok(u64::from_le_bytes(bytes))
    }

    async fn echo(&self, bytes: Bytes) -> anyhow::Result<Bytes> {
        self.call(Deed::Echo, bytes).await
    }

    fn runner(&self) -> u32 {
        self.process.id()
    }
}

pub(crate) async fn measure(peer: Peer, way: Way, plan: &Plan) -> anyhow::Result<()> {
    for work in &plan.works {
        match work {
            Work::Cold => {
                let boot = async || {
                    let runner = Runner::boot(peer, way).await?;
                    Ok((runner.clone(), runner))
                };
                works::cold("D", plan, boot, async |_| Ok(())).await?;
            }
            Work::Burst => {
                let all_meet = async |at| eight_meet(peer, way, at).await;
                works::burst(plan, all_meet, async |_| Ok(())).await?;
            }
            _ => warm(&Runner::boot(peer, way).await?, *work, plan).await?,
        }
    }
    Ok(())
}

async fn warm(runner: &Runner, work: Work, plan: &Plan) -> anyhow::Result<()> {
    match work {
        Work::Warm => works::warm(runner, plan).await,
        Work::Concurrent => works::concurrent(runner, plan).await,
        Work::Large => works::large(runner, plan).await,
        Work::Mixed => works::mixed(runner, plan).await,
        Work::Memory => works::footprint(runner).await,
        Work::Queued => {
            let limit = Arc::new(Semaphore::new(works::IN_FLIGHT));
            works::queued(runner, Some(limit)).await
        }
        Work::Cold | Work::Burst | Work::Core | Work::Scale | Work::Tuning => {
            bail!("{work:?} is not done here")
        }
    }
}

/// Boots eight runners and has each go to the meeting.
async fn eight_meet(peer: Peer, way: Way, at: PathBuf) -> anyhow::Result<Vec<Runner>> {
    let place = Bytes::copy_from_slice(at.as_os_str().as_bytes());
    let runners: Vec<_> = (0..RUNNERS)
        .map(|_| {
            let place = place.clone();
            tokio::spawn(async move {
                let runner = Runner::boot(peer, way).await?;
                runner.call(Deed::Meet, place).await?;
                anyhow::Ok(runner)
            })
        })
        .collect();
    let mut met = Vec::with_capacity(RUNNERS);
    for runner in runners {
        met.push(runner.await??);
    }
    Ok(met)
}
