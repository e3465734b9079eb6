//! What has been asked of a scripted backend.

use std::fmt;

use flame_core::InstanceName;
use tokio::time::Instant;

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When, in the test's time.
    pub at: Instant,
    /// Which instance.
    pub name: InstanceName,
    /// What happened.
    pub event: Event,
}

/// What happened. A call that was dropped has no second event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// `create` was called.
    CreateCalled,
    /// `create` returned an instance.
    Created,
    /// `create` returned an error.
    CreateFailed,
    /// `destroy` was called.
    DestroyCalled,
    /// `destroy` returned, and the instance is gone.
    Destroyed,
    /// `destroy` returned an error.
    DestroyFailed,
}

impl Entry {
    pub(super) fn now(name: InstanceName, event: Event) -> Self {
        Self {
            at: Instant::now(),
            name,
            event,
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CreateCalled => "create called",
            Self::Created => "created",
            Self::CreateFailed => "create failed",
            Self::DestroyCalled => "destroy called",
            Self::Destroyed => "destroyed",
            Self::DestroyFailed => "destroy failed",
        })
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.event, self.name)
    }
}
