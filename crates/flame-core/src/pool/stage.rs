/// How far a pool is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PoolStage {
    /// It takes whoever comes.
    #[default]
    Open,
    /// It serves the callers that it has, and takes no others.
    Draining,
    /// Its runners finish what they have; nobody waits any more.
    ShuttingDown,
    /// Its runners were ended, whatever they had.
    Killing,
    /// Nothing is left of it.
    Ended,
}

/// What can happen to a pool as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StageSignal {
    /// Its owner wants it to serve the callers that it has, and to end.
    DrainRequested,
    /// No caller waits or is awaited, or the time for that is over.
    DrainOver,
    /// Its owner wants it to end.
    ShutdownRequested,
    /// Its owner wants it to end without waiting for any work.
    KillRequested,
    /// Its last runner is gone.
    LastRunnerGone,
}

impl PoolStage {
    /// All stages, in the order of a life.
    pub const ALL: [Self; 5] = [
        Self::Open,
        Self::Draining,
        Self::ShuttingDown,
        Self::Killing,
        Self::Ended,
    ];

    /// The stage after `signal`, or `None` if the signal changes nothing in this stage.
    pub fn next(self, signal: StageSignal) -> Option<Self> {
        use StageSignal::{
            DrainOver, DrainRequested, KillRequested, LastRunnerGone, ShutdownRequested,
        };

        match (self, signal) {
            (Self::Open, DrainRequested) => Some(Self::Draining),
            (Self::Open | Self::Draining, ShutdownRequested) | (Self::Draining, DrainOver) => {
                Some(Self::ShuttingDown)
            }
            (Self::Open | Self::Draining | Self::ShuttingDown, KillRequested) => {
                Some(Self::Killing)
            }
            (Self::ShuttingDown | Self::Killing, LastRunnerGone) => Some(Self::Ended),
            (
                Self::Open | Self::Draining | Self::ShuttingDown | Self::Killing | Self::Ended,
                DrainRequested | DrainOver | ShutdownRequested | KillRequested | LastRunnerGone,
            ) => None,
        }
    }

    /// Whether callers wait, are granted slots, and are given new runners.
    pub fn serves(self) -> bool {
        match self {
            Self::Open | Self::Draining => true,
            Self::ShuttingDown | Self::Killing | Self::Ended => false,
        }
    }
}

impl StageSignal {
    /// All signals, in the order in which a patient owner sends them.
    pub const ALL: [Self; 5] = [
        Self::DrainRequested,
        Self::DrainOver,
        Self::ShutdownRequested,
        Self::KillRequested,
        Self::LastRunnerGone,
    ];
}
