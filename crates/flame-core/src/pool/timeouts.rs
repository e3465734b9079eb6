use std::time::Duration;

/// How long a call may take in all, waiting included.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a boot may take, from the request to the backend until the runner has called back.
pub const BOOT_TIMEOUT: Duration = Duration::from_secs(30);

/// How long running work may go on after a runner was told to drain.
pub const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a runner may be without work before it is taken down.
pub const IDLE_SHUTDOWN_AFTER: Duration = Duration::from_secs(30);

/// How long cancelled work may take to end before its runner is poisoned: no new work, then a kill.
pub const CANCEL_GRACE: Duration = Duration::from_secs(5);

/// How long the backend has to end an instance before it is asked again.
pub const KILL_TIMEOUT: Duration = Duration::from_secs(2);

/// How long the control connection may be silent before each side takes the other for lost.
pub const PEER_LOSS_AFTER: Duration = Duration::from_secs(10);

/// The first pause after a failed boot; it doubles with each further failure.
pub const BOOT_BACKOFF_FIRST: Duration = Duration::from_millis(500);

/// The longest pause after a failed boot.
pub const BOOT_BACKOFF_MAX: Duration = Duration::from_secs(30);

/// How long a boot goes on that nobody needs any more, in case that somebody does again.
pub const BOOT_LINGER: Duration = Duration::from_secs(1);

/// How long things may take in a pool. [`PoolTimeouts::default`] is made of this module's constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PoolTimeouts {
    /// See [`BOOT_TIMEOUT`].
    pub boot_timeout: Duration,
    /// See [`SHUTDOWN_TIMEOUT`].
    pub shutdown_timeout: Duration,
    /// See [`IDLE_SHUTDOWN_AFTER`].
    pub idle_shutdown_after: Duration,
    /// How long one of the last `min` runners may be without work; `None` (the default) keeps them.
    pub min_idle_shutdown_after: Option<Duration>,
    /// See [`CANCEL_GRACE`].
    pub cancel_grace: Duration,
    /// See [`KILL_TIMEOUT`].
    pub kill_timeout: Duration,
    /// See [`BOOT_BACKOFF_FIRST`].
    pub boot_backoff_first: Duration,
    /// See [`BOOT_BACKOFF_MAX`].
    pub boot_backoff_max: Duration,
    /// See [`BOOT_LINGER`].
    pub boot_linger: Duration,
}

impl Default for PoolTimeouts {
    fn default() -> Self {
        Self {
            boot_timeout: BOOT_TIMEOUT,
            shutdown_timeout: SHUTDOWN_TIMEOUT,
            idle_shutdown_after: IDLE_SHUTDOWN_AFTER,
            min_idle_shutdown_after: None,
            cancel_grace: CANCEL_GRACE,
            kill_timeout: KILL_TIMEOUT,
            boot_backoff_first: BOOT_BACKOFF_FIRST,
            boot_backoff_max: BOOT_BACKOFF_MAX,
            boot_linger: BOOT_LINGER,
        }
    }
}
