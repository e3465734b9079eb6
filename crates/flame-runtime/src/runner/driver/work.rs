//! What happens to calls, and to the values that they leave.

use flame_core::CallId;
use flame_core::terminator::TerminatorEvent;
use flame_proto::frame::RunnerFrame;

use super::Driver;
use crate::runner::execute::{Ended, WorkNews};

/// How many news of work are heard before the driver looks at what else has happened.
const WORK_NEWS_AT_ONCE: usize = 64;

impl Driver {
    pub(super) fn start(&mut self, id: CallId) {
        let Some(call) = self.received.remove(&id) else {
            return;
        };
        match &self.executor {
            Some(executor) => {
                let (start, token) = executor.start(call);
                self.starting.push(start);
                self.running.insert(id, token);
            }
            None => tracing::error!(call = %id, "a call came before the welcome"),
        }
    }

    /// Starts the calls of one batch of frames together.
    pub(super) fn start_all(&mut self) {
        if let (false, Some(executor)) = (self.starting.is_empty(), &self.executor) {
            executor.start_all(std::mem::take(&mut self.starting));
        }
    }

    /// What has gathered meanwhile is heard in the same breath, up to a limit: other news wait for their turn.
    pub(super) fn handle_all_work_news(&mut self, first: WorkNews) {
        self.handle_work_news(first);
        for _ in 1..WORK_NEWS_AT_ONCE {
            self.carry_out_actions();
            // Nothing follows a goodbye.
            if self.stop.is_some() {
                return;
            }
            let Ok(news) = self.work_news.1.try_recv() else {
                return;
            };
            self.handle_work_news(news);
        }
    }

    /// The terminator hears of the end before the parent does, so that it has room for what the parent sends
    /// next.
    fn handle_work_news(&mut self, news: WorkNews) {
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
        let residents = self
            .executor
            .as_ref()
            .map_or(0, |executor| executor.residents());
        if std::mem::replace(&mut self.residents, residents) != residents {
            self.handle(TerminatorEvent::ResidentsChanged { residents });
        }
    }
}
