use std::fmt;

/// The state of a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It has a place, and its image is pulled.
    Created,
    /// It is being started.
    Starting,
    /// It runs.
    Started,
    /// It was asked to stop.
    Stopping,
    /// It does not run.
    Stopped,
    /// It ended, and is started again.
    Restarting,
    /// It ended too often.
    Failed,
    /// It could not be booted.
    LaunchFailed,
    /// It is about to be gone.
    Destroying,
    /// It is gone.
    Destroyed,
}

impl State {
    /// As the API spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Starting => "starting",
            Self::Started => "started",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
            Self::Restarting => "restarting",
            Self::Failed => "failed",
            Self::LaunchFailed => "launch_failed",
            Self::Destroying => "destroying",
            Self::Destroyed => "destroyed",
        }
    }

    /// Whether it stays as it is until somebody does something.
    pub(crate) fn is_settled(self) -> bool {
        matches!(
            self,
            Self::Started | Self::Stopped | Self::Failed | Self::Destroyed
        )
    }

    /// Whether it can be destroyed without force.
    pub(crate) fn is_at_rest(self) -> bool {
        matches!(self, Self::Created | Self::Stopped | Self::Failed)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
