use std::sync::Arc;

use flame_proto::frame::Call;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio_util::sync::CancellationToken;

use super::{Executor, Report};

/// A call that is to be started.
#[derive(Debug)]
pub(in crate::runner) struct Start {
    pub(super) executor: Arc<Executor>,
    pub(super) call: Call,
    pub(super) token: CancellationToken,
    pub(super) report: Report,
}

/// Makes a task of each call, on the app's runtime: where many come at once, it is woken once for all of them, and
/// what a task takes of memory is taken where it is given back.
pub(super) async fn start_all(mut calls: UnboundedReceiver<Vec<Start>>) {
    while let Some(calls) = calls.recv().await {
        for start in calls {
            tokio::spawn(start.run());
        }
    }
}

impl Start {
    async fn run(self) {
        let Self {
            executor,
            call,
            token,
            mut report,
        } = self;
        report.frame = Some(executor.outcome(call, token).await);
    }
}
