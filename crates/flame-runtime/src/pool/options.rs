use std::time::Duration;

use flame_core::pool::{Placement, Reuse};

/// The methods that a pool in a `static`, a pool's builder and the options themselves share. `$options` is where the
/// options are in `self`.
macro_rules! pool_options {
    ($self:ident, $options:expr) => {
        /// The fewest runners, booted at the start and kept up whatever happens to them. 0 unless set; at most
        /// `max`. A pool inside a runner keeps none up.
        #[must_use]
        pub const fn min(mut $self, runners: usize) -> Self {
            $options.min = Some(runners);
            $self
        }

        /// The most runners, at least 1. It must be set here or in the configuration.
        #[must_use]
        pub const fn max(mut $self, runners: usize) -> Self {
            $options.max = Some(runners);
            $self
        }

        /// How many calls one runner runs at a time, at least 1. Unless set,
        /// [`MAX_CONCURRENCY`](::flame_core::pool::MAX_CONCURRENCY): 100.
        #[must_use]
        pub const fn max_concurrency(mut $self, calls: usize) -> Self {
            $options.max_concurrency = Some(calls);
            $self
        }

        /// How many slots are kept free ahead of demand, as far as `max` allows, so that the next calls need not
        /// wait for a boot. 0 unless set.
        #[must_use]
        pub const fn warm(mut $self, slots: usize) -> Self {
            $options.warm = Some(slots);
            $self
        }

        /// How many callers may wait for a slot; further ones are refused at once. Unless set,
        /// [`MAX_QUEUE`](::flame_core::pool::MAX_QUEUE): 10,000. With 0, whoever cannot run at once is refused.
        #[must_use]
        pub const fn max_queue(mut $self, callers: usize) -> Self {
            $options.max_queue = Some(callers);
            $self
        }

        /// Uses each runner for one call only; `max_concurrency` is then 1.
        #[must_use]
        pub const fn single_use(mut $self) -> Self {
            $options.reuse = Some(::flame_core::pool::Reuse::SingleUse);
            $self
        }

        /// Which of several runners with a free slot gets a call. Unless set, `Spread`: the one with the least
        /// work.
        #[must_use]
        pub const fn placement(mut $self, placement: ::flame_core::pool::Placement) -> Self {
            $options.placement = Some(placement);
            $self
        }

        /// How long a call may take in all, waiting included, unless the call itself says otherwise. Unless set,
        /// [`CALL_TIMEOUT`](::flame_core::pool::CALL_TIMEOUT): 30 seconds.
        #[must_use]
        pub const fn timeout(mut $self, timeout: ::std::time::Duration) -> Self {
            $options.timeout = Some(Some(timeout));
            $self
        }

        /// Lets calls take as long as they need, unless the call itself says otherwise.
        #[must_use]
        pub const fn no_timeout(mut $self) -> Self {
            $options.timeout = Some(None);
            $self
        }

        /// How long a boot may take, from the request to the backend until the copy serves. Unless set,
        /// [`BOOT_TIMEOUT`](::flame_core::pool::BOOT_TIMEOUT): 30 seconds.
        #[must_use]
        pub const fn boot_timeout(mut $self, timeout: ::std::time::Duration) -> Self {
            $options.boot_timeout = Some(timeout);
            $self
        }

        /// How long running work may go on when its runner is told to end, and detached work when its parent is
        /// lost. Unless set, [`SHUTDOWN_TIMEOUT`](::flame_core::pool::SHUTDOWN_TIMEOUT): 30 seconds.
        #[must_use]
        pub const fn shutdown_timeout(mut $self, timeout: ::std::time::Duration) -> Self {
            $options.shutdown_timeout = Some(timeout);
            $self
        }

        /// How long a runner may be without work before it is taken down. Unless set,
        /// [`IDLE_SHUTDOWN_AFTER`](::flame_core::pool::IDLE_SHUTDOWN_AFTER): 30 seconds.
        #[must_use]
        pub const fn idle_shutdown_after(mut $self, idle: ::std::time::Duration) -> Self {
            $options.idle_shutdown_after = Some(idle);
            $self
        }

        /// How long one of the last `min` runners may be without work before it is taken down too. Never unless
        /// set.
        #[must_use]
        pub const fn min_idle_shutdown_after(mut $self, idle: ::std::time::Duration) -> Self {
            $options.min_idle_shutdown_after = Some(idle);
            $self
        }

        /// How long cancelled work may take to end. If it takes longer, its runner gets no new calls, and is
        /// ended when its other calls have ended or `shutdown_timeout` is over. Unless set,
        /// [`CANCEL_GRACE`](::flame_core::pool::CANCEL_GRACE): 5 seconds.
        #[must_use]
        pub const fn cancel_grace(mut $self, grace: ::std::time::Duration) -> Self {
            $options.cancel_grace = Some(grace);
            $self
        }

        /// How long a runner may be silent before it is taken for lost, and its parent by it. Heartbeats keep
        /// busy ones from being silent. Unless set, [`PEER_LOSS_AFTER`](::flame_core::pool::PEER_LOSS_AFTER): 10
        /// seconds.
        #[must_use]
        pub const fn peer_loss_after(mut $self, silence: ::std::time::Duration) -> Self {
            $options.peer_loss_after = Some(silence);
            $self
        }

        /// The largest arguments and the largest result, in encoded bytes, that may travel. Unless set, 1 GiB
        /// (`MAX_PAYLOAD` of the protocol).
        #[must_use]
        pub const fn max_payload(mut $self, bytes: u64) -> Self {
            $options.max_payload = Some(bytes);
            $self
        }
    };
}
/// What was said about a pool in code. What was not said comes from `flame.toml`, from `FLAME_*` variables, or
/// is the default.
#[derive(Clone, Copy, Debug, Default)]
pub struct PoolOptions {
    pub(crate) min: Option<usize>,
    pub(crate) max: Option<usize>,
    pub(crate) max_concurrency: Option<usize>,
    pub(crate) warm: Option<usize>,
    pub(crate) max_queue: Option<usize>,
    pub(crate) reuse: Option<Reuse>,
    pub(crate) placement: Option<Placement>,
    pub(crate) timeout: Option<Option<Duration>>,
    pub(crate) boot_timeout: Option<Duration>,
    pub(crate) shutdown_timeout: Option<Duration>,
    pub(crate) idle_shutdown_after: Option<Duration>,
    pub(crate) min_idle_shutdown_after: Option<Duration>,
    pub(crate) cancel_grace: Option<Duration>,
    pub(crate) peer_loss_after: Option<Duration>,
    pub(crate) max_payload: Option<u64>,
}

impl PoolOptions {
    /// Nothing said.
    pub(crate) const fn new() -> Self {
        Self {
            min: None,
            max: None,
            max_concurrency: None,
            warm: None,
            max_queue: None,
            reuse: None,
            placement: None,
            timeout: None,
            boot_timeout: None,
            shutdown_timeout: None,
            idle_shutdown_after: None,
            min_idle_shutdown_after: None,
            cancel_grace: None,
            peer_loss_after: None,
            max_payload: None,
        }
    }

    pool_options!(self, self);
}

pub(crate) use pool_options;
