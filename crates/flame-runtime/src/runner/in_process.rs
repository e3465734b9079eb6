use std::sync::Arc;

use flame_core::backend::{ExitKind, ExitReport, RunnerEntry};
use flame_core::runner::exit;
use flame_proto::parent_text::ParentInfo;
use futures_util::StreamExt;
use tokio::runtime::Handle;

use super::driver::Driver;
use super::life::Life;
use crate::parent::{self, Boots};
use crate::threads::Threads;

/// How to be a runner as a future: the same driver and the same handshake, over queues instead of sockets.
///
/// Values still become bytes and are decoded again, so that what works here works in another process.
pub(crate) fn entry(home: ParentInfo, boots: Arc<Boots>, threads: Threads) -> RunnerEntry {
    RunnerEntry::new(move || Box::pin(live(home.clone(), boots.clone(), threads.clone())))
}

async fn live(home: ParentInfo, boots: Arc<Boots>, threads: Threads) -> ExitReport {
    let driver = Driver::new(home, Handle::current(), Life::Task, None);
    let served = driver
        .run(|frames| async move {
            let answers = parent::attach(&boots, &threads, None, frames.map(Ok)).await;
            Ok(answers.map(Ok).boxed())
        })
        .await;
    let code = served.map_or_else(|error| error.exit_code(), |()| exit::DONE);
    ExitReport {
        how: ExitKind::Code(code),
        stderr_tail: Vec::new(),
    }
}
