use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
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
    /// For how many milliseconds what was sent may stay unacknowledged.
    patience: AtomicU32,
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

    /// For how many milliseconds what was sent may stay unacknowledged.
    pub(super) fn patience(&self) -> u32 {
        self.0.patience.load(Ordering::Relaxed)
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

/// Silence is called by its name first: it is noticed up to a fifth late.
fn patience(peer_loss_after: Duration) -> u32 {
    let millis = (peer_loss_after + peer_loss_after / 5).as_millis();
    u32::try_from(millis).unwrap_or(u32::MAX).max(1)
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
    fn what_is_unacknowledged_waits_a_little_longer_than_silence_is_borne() {
        let line = Line::unlimited();
        line.expect_within(Duration::from_secs(60));
        assert_eq!(line.patience(), 72_000);
        // No limit at all is what zero would mean.
        line.expect_within(Duration::ZERO);
        assert_eq!(line.patience(), 1);
        line.expect_within(Duration::MAX / 2);
        assert_eq!(line.patience(), u32::MAX);
    }
}
