//! What happens to calls, and to the values that they leave.

use flame_core::CallId;
use flame_core::terminator::TerminatorEvent;
use flame_proto::frame::RunnerFrame;

use super::Driver;
use crate::runner::execute::{Ended, Executor, WorkNews};

impl Driver {
    pub(super) fn start(&mut self, id: CallId) {
        let Some(call) = self.received.remove(&id) else {
            return;
        };
        match &self.executor {
            Some(executor) => {
                self.running.insert(id, executor.start(call));
            }
            None => tracing::error!(call = %id, "a call came before the welcome"),
        }
    }

    /// The terminator hears of the end before the parent does, so that it has room for what the parent sends
    /// next.
    pub(super) fn handle_work_news(&mut self, news: WorkNews) {
        match news {
            WorkNews::Accepted(call) => self.send(RunnerFrame::Accepted { call }),
            WorkNews::Ended(Ended { call, frame }) => {
                self.running.remove(&call);
                self.count_residents();
                self.handle(TerminatorEvent::CallEnded { call });
                let refused = matches!(frame, RunnerFrame::Refused { .. });
                self.send(frame);
                self.close_channels(call, refused);
            }
        }
    }

    pub(super) fn release(&mut self, resident: u64) {
        if let Some(executor) = &self.executor {
            executor.release(resident);
        }
        self.count_residents();
    }

    /// A runner with values that calls have left is not idle.
    fn count_residents(&mut self) {
        let residents = self.executor.as_ref().map_or(0, Executor::residents);
        self.handle(TerminatorEvent::ResidentsChanged { residents });
    }
}
