use std::fmt;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use flame_core::quota::{Passed, Quota};
use flame_proto::frame::Hello;

use crate::pool::{Refusal, Refusals};
use crate::threads::Threads;

/// How many lines the log gets for each reason in a second. Whoever can reach the port can make us write them.
const LINES_PER_SECOND: u32 = 10;
/// How much of what a stranger says is repeated in the log.
const REPEATED_CHARS: usize = 100;

/// Counts those who called back here and were turned away, and writes into the log who they were.
#[derive(Debug, Default)]
pub(crate) struct TurnedAway {
    refusals: Refusals,
    lines: Mutex<Lines>,
}

/// How many lines there may be, for each reason.
#[derive(Debug)]
struct Lines([Quota; Refusal::COUNT]);

impl Default for Lines {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Quota::per_second(LINES_PER_SECOND)))
    }
}

impl TurnedAway {
    /// Somebody who said who it is.
    pub(super) fn runner(
        &self,
        refusal: Refusal,
        hello: &Hello,
        from: Option<SocketAddr>,
        threads: &Threads,
    ) {
        if let Some(dropped_before) = self.count(refusal, threads) {
            tracing::warn!(
                reason = refusal.label(),
                boot = ?beginning(&hello.boot),
                pid = hello.pid,
                host = ?beginning(&hello.host),
                from = from.map(tracing::field::display),
                dropped_before,
                "a runner was refused"
            );
        }
    }

    /// Somebody who did not come so far.
    pub(super) fn stranger(
        &self,
        refusal: Refusal,
        from: Option<SocketAddr>,
        error: Option<&dyn fmt::Display>,
        threads: &Threads,
    ) {
        if let Some(dropped_before) = self.count(refusal, threads) {
            tracing::warn!(
                reason = refusal.label(),
                from = from.map(tracing::field::display),
                error = error.map(|error| beginning(&error.to_string())),
                dropped_before,
                "a stranger was turned away"
            );
        }
    }

    /// Nobody, since nobody could be accepted. Whoever could not do so has said it in the log.
    pub(super) fn nobody(&self, threads: &Threads) {
        self.refusals.count(Refusal::NoDescriptor, threads);
    }

    /// Counts one. If there may be a line of it, how many of its kind had none since the last one.
    fn count(&self, refusal: Refusal, threads: &Threads) -> Option<Option<u64>> {
        self.refusals.count(refusal, threads);
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let Passed { dropped_before } = lines.0[refusal as usize].ask(threads.now())?;
        Some((dropped_before > 0).then_some(dropped_before))
    }
}

/// Whether nobody is left to be turned away: a copy was ended as it came, or somebody only looked whether we are here.
pub(super) fn has_left(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::NotConnected
    )
}

fn beginning(text: &str) -> String {
    text.chars().take(REPEATED_CHARS).collect()
}
