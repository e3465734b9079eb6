use std::fmt;
use std::time::Duration;

use flame_core::RunnerId;
use flame_core::pool::DrainReason;

use crate::error::{BootFailure, LossReason};

/// Something that happened to the runners of a pool, as [`Pool::events`](crate::Pool::events) tells it.
///
/// What happens to calls is not among it: a busy pool has a million of them, and
/// [`Pool::snapshot`](crate::Pool::snapshot) counts them. As text it is a line for a log.
///
/// Every runner has one `Booting`, then one of `Ready`, `BootFailed` and `BootGivenUp`, and in the end one `Gone`.
/// After `Ready` come `Draining`, unless its end needs none, and one of `Finished` and `Lost`.
///
/// In all of them, `runner` is the runner's number in its pool, and `name` the instance, with the provider's own id
/// as soon as that is known. `runners` is how many runners the pool has then, with those that boot, drain or cannot
/// be used, without those that are being destroyed: the number that `max` bounds.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// The backend was asked for an instance.
    #[non_exhaustive]
    Booting {
        /// The new runner.
        runner: RunnerId,
        /// Its instance.
        name: String,
        /// How many runners the pool has now.
        runners: usize,
    },
    /// An instance has called back and takes calls.
    #[non_exhaustive]
    Ready {
        /// Which runner.
        runner: RunnerId,
        /// Its instance.
        name: String,
        /// How long its boot took.
        after: Duration,
        /// How many runners the pool has now.
        runners: usize,
    },
    /// A boot gave no runner.
    #[non_exhaustive]
    BootFailed {
        /// Which runner there will not be.
        runner: RunnerId,
        /// Its instance.
        name: String,
        /// What went wrong.
        failure: BootFailure,
        /// How many runners the pool has now.
        runners: usize,
    },
    /// A boot under way was ended, because nobody needs its runner any more.
    #[non_exhaustive]
    BootGivenUp {
        /// Which runner there will not be.
        runner: RunnerId,
        /// Its instance.
        name: String,
        /// How many runners the pool has now.
        runners: usize,
    },
    /// A runner takes no further calls, and finishes those that it has.
    #[non_exhaustive]
    Draining {
        /// Which runner.
        runner: RunnerId,
        /// Its instance.
        name: String,
        /// Why.
        reason: DrainReason,
    },
    /// A runner has said goodbye: it had nothing left to do.
    #[non_exhaustive]
    Finished {
        /// Which runner.
        runner: RunnerId,
        /// Its instance.
        name: String,
        /// How many runners the pool has now.
        runners: usize,
    },
    /// A runner went away without a goodbye, or was ended with work on it.
    #[non_exhaustive]
    Lost {
        /// Which runner.
        runner: RunnerId,
        /// Its instance.
        name: String,
        /// Why it is taken for lost, as its callers were told.
        reason: LossReason,
        /// How many callers were waiting for work on it.
        calls: usize,
        /// How many runners the pool has now.
        runners: usize,
    },
    /// The backend has confirmed that the instance does not exist any more.
    #[non_exhaustive]
    Gone {
        /// Whose instance.
        runner: RunnerId,
        /// The instance.
        name: String,
    },
    /// [`DEGRADED_AFTER`](flame_core::pool::DEGRADED_AFTER) boots in a row have failed, 5. The pool goes on trying,
    /// with pauses.
    #[non_exhaustive]
    Degraded {
        /// How many boots in a row have failed. Those that were under way together count as one.
        failures: u32,
    },
    /// A pool that was degraded has a runner again.
    Recovered,
    /// This subscriber was slow, and the oldest events that it had not taken are lost to it.
    #[non_exhaustive]
    Missed {
        /// How many.
        count: u64,
    },
}

impl Event {
    /// The runner that it happened to, if it is about one.
    pub fn runner(&self) -> Option<RunnerId> {
        match self {
            Self::Booting { runner, .. }
            | Self::Ready { runner, .. }
            | Self::BootFailed { runner, .. }
            | Self::BootGivenUp { runner, .. }
            | Self::Draining { runner, .. }
            | Self::Finished { runner, .. }
            | Self::Lost { runner, .. }
            | Self::Gone { runner, .. } => Some(*runner),
            Self::Degraded { .. } | Self::Recovered | Self::Missed { .. } => None,
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Booting { name, .. } => write!(f, "{name} is booting"),
            Self::Ready { name, after, .. } => write!(f, "{name} is ready after {after:?}"),
            Self::BootFailed { failure, .. } => write!(f, "a boot failed: {failure}"),
            Self::BootGivenUp { name, .. } => write!(f, "the boot of {name} was given up"),
            Self::Draining { name, reason, .. } => write!(f, "{name} drains {reason}"),
            Self::Finished { name, .. } => write!(f, "{name} has finished"),
            Self::Lost {
                name,
                reason,
                calls,
                ..
            } => write!(f, "{name} was lost with {calls} calls: {reason}"),
            Self::Gone { name, .. } => write!(f, "{name} is gone"),
            Self::Degraded { failures, .. } => write!(f, "{failures} boots in a row have failed"),
            Self::Recovered => f.write_str("a boot has succeeded again"),
            Self::Missed { count, .. } => write!(f, "{count} events were missed"),
        }
    }
}
