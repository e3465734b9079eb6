/// Why a runner's terminator wants to be woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimerReason {
    /// The parent should have welcomed the runner by then.
    AttachTimeout,
    /// The work of a draining or parentless runner should have ended by then.
    WorkTimeout,
    /// Cancelled work should have ended by then.
    CancelGrace,
    /// The process should have ended by then.
    Failsafe,
}
