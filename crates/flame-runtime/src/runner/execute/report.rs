use flame_core::CallId;
use flame_proto::frame::{Failure, RunnerFrame};
use tokio::sync::mpsc::UnboundedSender;

use super::{Ended, WorkNews};

/// Reports the end of a call, whatever ends it: also when the app's runtime goes away under it.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) call: CallId,
    pub(super) news: UnboundedSender<WorkNews>,
    pub(super) frame: Option<RunnerFrame>,
}

impl Drop for Report {
    fn drop(&mut self) {
        let call = self.call;
        let frame = self.frame.take().unwrap_or(RunnerFrame::Failed {
            call,
            failure: Failure::Cancelled,
        });
        // The driver may have ended first; then nobody wants to know.
        let _ = self.news.send(WorkNews::Ended(Ended { call, frame }));
    }
}
