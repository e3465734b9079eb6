use std::sync::Arc;

use flame_core::backend::{ExitKind, ExitReport, RunnerEntry};
use flame_core::runner::exit;
use flame_proto::parent_text::ParentInfo;
use futures_util::{FutureExt, StreamExt};
use tokio::runtime::Handle;

use super::dial;
use super::door::Door;
use super::driver::Driver;
use super::given::Given;
use super::life::Life;
use super::serve_error::ServeError;
use crate::link::Cables;
use crate::parent::{self, Boots};
use crate::threads::Threads;

/// How to be a runner as a future: the same driver and the same handshake, over queues instead of sockets. On a
/// host of a simulated network it dials its parent as a process does.
///
/// Values still become bytes and are decoded again, so that what works here works in another process.
pub(crate) fn entry(home: ParentInfo, boots: Arc<Boots>, threads: Threads) -> RunnerEntry {
    RunnerEntry::new(move || Box::pin(live(home.clone(), boots.clone(), threads.clone())))
}

async fn live(home: ParentInfo, boots: Arc<Boots>, threads: Threads) -> ExitReport {
    let served = match threads.cables() {
        Cables::System => beside(home, boots, &threads).boxed().await,
        cables @ Cables::Simulated(_) => elsewhere(home, cables).boxed().await,
    };
    let code = served.map_or_else(|error| error.exit_code(), |()| exit::DONE);
    ExitReport {
        how: ExitKind::Code(code),
        stderr_tail: Vec::new(),
    }
}

/// Beside its parent.
async fn beside(home: ParentInfo, boots: Arc<Boots>, threads: &Threads) -> Result<(), ServeError> {
    let given = if home.has_secrets {
        let given = parent::give_secrets(&boots, threads, None, &home.boot, &home.token)
            .map_err(|reject| ServeError::refused(&reject))?;
        Some(Given::new(given.0, given.1.0))
    } else {
        None
    };
    let driver = Driver::new(home, Handle::current(), Life::Task, None);
    driver
        .with(given)
        .run(|frames| async move {
            let answers = parent::attach(&boots, threads, None, frames.map(Ok)).await;
            Ok(answers.map(Ok).boxed())
        })
        .await
}

/// On another host than its parent.
async fn elsewhere(home: ParentInfo, cables: &Cables) -> Result<(), ServeError> {
    let (attach, bulk) = Door::both(&home, cables)?;
    let line = attach.line().cloned();
    let given = if home.has_secrets {
        Some(Given::ask(&home, attach.clone()).await?)
    } else {
        None
    };
    let driver = Driver::new(home, Handle::current(), Life::Task, Some(bulk)).over(line);
    driver
        .with(given)
        .run(|frames| async move {
            let channel = dial::dial(attach).await?;
            let attached = dial::attach(channel, frames).await;
            attached.map_err(|_| ServeError::ParentLost)
        })
        .await
}
