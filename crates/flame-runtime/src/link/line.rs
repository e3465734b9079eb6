use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use flame_core::pool::PEER_LOSS_AFTER;

/// What is agreed upon for a connection between hosts while it is open, and how much has come over it. Its clones
/// are one.
#[derive(Clone, Debug)]
pub(crate) struct Line(Arc<State>);

#[derive(Debug)]
struct State {
    /// How many bytes may still be read.
    allowance: AtomicU64,
    /// How many bytes were read.
    heard: AtomicU64,
    /// For how many milliseconds the peer may be silent.
    patience: AtomicU32,
    /// Whether the peer was silent for too long.
    is_given_up: AtomicBool,
}

/// What is allowed to those who may send for ever.
const UNLIMITED: u64 = u64::MAX;

impl Line {
    /// A line over which so many bytes may come.
    pub(crate) fn bytes(bytes: u64) -> Self {
        Self(Arc::new(State {
            allowance: AtomicU64::new(bytes),
            heard: AtomicU64::new(0),
            patience: AtomicU32::new(patience(PEER_LOSS_AFTER)),
            is_given_up: AtomicBool::new(false),
        }))
    }

    /// A line over which the peer may send for ever.
    pub(crate) fn unlimited() -> Self {
        Self::bytes(UNLIMITED)
    }

    /// Lets the peer send for ever.
    pub(crate) fn lift(&self) {
        self.0.allowance.store(UNLIMITED, Ordering::Relaxed);
    }

    /// The peer is lost when it is silent for so long.
    pub(crate) fn expect_within(&self, peer_loss_after: Duration) {
        let patience = patience(peer_loss_after);
        self.0.patience.store(patience, Ordering::Relaxed);
    }

    /// How many bytes have come. Half a frame is a sign of life, too.
    pub(crate) fn heard(&self) -> u64 {
        self.0.heard.load(Ordering::Relaxed)
    }

    /// The peer was silent for too long. The connection ends with the next step on it, whatever is still under way.
    pub(crate) fn give_up(&self) {
        self.0.is_given_up.store(true, Ordering::Relaxed);
    }

    /// Fails if the peer was silent for too long.
    pub(super) fn is_open(&self) -> io::Result<()> {
        if self.0.is_given_up.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(())
    }

    /// How long the peer may be silent.
    pub(super) fn patience(&self) -> Duration {
        Duration::from_millis(self.0.patience.load(Ordering::Relaxed).into())
    }

    /// Takes note of what was read.
    pub(super) fn spend(&self, bytes: u64) -> io::Result<()> {
        self.0.heard.fetch_add(bytes, Ordering::Relaxed);
        let spend = |left| match left {
            UNLIMITED => Some(UNLIMITED),
            left => left.checked_sub(bytes),
        };
        self.0
            .allowance
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend)
            .map(|_| ())
            .map_err(|_| io::Error::other("too many bytes before a hello"))
    }
}

fn patience(peer_loss_after: Duration) -> u32 {
    u32::try_from(peer_loss_after.as_millis()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_is_used_up_unless_it_is_lifted() {
        let line = Line::bytes(10);
        line.spend(10).unwrap();
        line.spend(1).unwrap_err();
        line.lift();
        line.spend(1 << 40).unwrap();
        Line::unlimited().spend(1 << 40).unwrap();
        assert_eq!(line.heard(), 11 + (1 << 40));
    }

    #[test]
    fn a_line_is_open_until_its_peer_is_given_up() {
        let (line, end) = (Line::unlimited(), Line::unlimited());
        let clone = line.clone();
        line.is_open().unwrap();
        clone.give_up();
        let error = line.is_open().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        end.is_open().unwrap();
    }
}
