use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::error::LinkError;
use super::line::Line;

/// Silence is counted in this many parts of the peer-loss bound.
const TICKS: u32 = 5;

/// Batches of frames from the peer, and the judgment whether the peer lives.
///
/// The peer is lost after the whole bound without a byte. Time is counted in our own ticks rather than read
/// off a clock: after a pause of this process (a debugger, a suspended host) only one tick has passed, and
/// what the peer sent meanwhile is heard before it could be called silent.
pub(crate) struct Inbound<F> {
    batches: Pin<Box<dyn Stream<Item = Result<Vec<F>, LinkError>> + Send>>,
    /// Where bytes come before they are frames, if it is known.
    line: Option<Line>,
    /// What had come over it at the last tick.
    heard: u64,
    tick: Interval,
    silent_ticks: u32,
}

/// What came of listening.
#[derive(Debug)]
pub(crate) enum Heard<F> {
    /// The peer sent these.
    Frames(Vec<F>),
    /// A fifth of the bound has passed: time to send a heartbeat.
    Tick,
    /// The peer was silent for the whole bound.
    Silent,
    /// The stream ended; with an error unless the peer closed it in good order.
    Ended(Option<LinkError>),
}

fn ticks(peer_loss_after: Duration) -> Interval {
    let mut tick = interval(peer_loss_after / TICKS);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tick
}

impl<F> fmt::Debug for Inbound<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbound")
            .field("silent_ticks", &self.silent_ticks)
            .finish_non_exhaustive()
    }
}

impl<F> Inbound<F> {
    pub(crate) fn new(
        batches: impl Stream<Item = Result<Vec<F>, LinkError>> + Send + 'static,
        line: Option<Line>,
        peer_loss_after: Duration,
    ) -> Self {
        Self {
            batches: Box::pin(batches),
            heard: 0,
            line,
            tick: ticks(peer_loss_after),
            silent_ticks: 0,
        }
    }

    /// Takes the peer for lost after another time than was assumed so far.
    pub(crate) fn expect_within(&mut self, peer_loss_after: Duration) {
        self.tick = ticks(peer_loss_after);
        if let Some(line) = &self.line {
            line.expect_within(peer_loss_after);
        }
    }

    /// Whether anything has come since this was last asked: a large frame is long on its way over a slow link.
    fn hears_bytes(&mut self) -> bool {
        let Some(line) = &self.line else {
            return false;
        };
        let heard = line.heard();
        std::mem::replace(&mut self.heard, heard) != heard
    }

    /// The next thing heard. Cancel safe.
    pub(crate) async fn next(&mut self) -> Heard<F> {
        tokio::select! {
            biased;
            batch = self.batches.next() => match batch {
                Some(Ok(frames)) => {
                    self.silent_ticks = 0;
                    Heard::Frames(frames)
                }
                Some(Err(error)) => Heard::Ended(Some(error)),
                None => Heard::Ended(None),
            },
            _ = self.tick.tick() => {
                // The first tick of an interval completes at once, which is a heartbeat without delay.
                if self.hears_bytes() {
                    self.silent_ticks = 0;
                }
                self.silent_ticks += 1;
                if self.silent_ticks > TICKS { Heard::Silent } else { Heard::Tick }
            }
        }
    }
}
