use std::time::Duration;

use flame_core::pool::{Placement, Reuse};

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
}

/// The methods that a pool in a `static` and a pool's builder share. `$options` is the path to the options in
/// `self`.
macro_rules! pool_options {
    ($self:ident.$options:ident) => {
        /// The fewest runners, kept up whatever happens to them. 0 unless set.
        #[must_use]
        pub const fn min(mut $self, runners: usize) -> Self {
            $self.$options.min = Some(runners);
            $self
        }

        /// The most runners. It must be set here or in the configuration.
        #[must_use]
        pub const fn max(mut $self, runners: usize) -> Self {
            $self.$options.max = Some(runners);
            $self
        }

        /// How many calls one runner runs at a time. 100 unless set.
        #[must_use]
        pub const fn max_concurrency(mut $self, calls: usize) -> Self {
            $self.$options.max_concurrency = Some(calls);
            $self
        }

        /// How many slots are kept free ahead of demand, so that the next calls need not wait for a boot. 0
        /// unless set.
        #[must_use]
        pub const fn warm(mut $self, slots: usize) -> Self {
            $self.$options.warm = Some(slots);
            $self
        }

        /// How many callers may wait for a slot; further ones are refused at once. 10,000 unless set.
        #[must_use]
        pub const fn max_queue(mut $self, callers: usize) -> Self {
            $self.$options.max_queue = Some(callers);
            $self
        }

        /// Uses each runner for one call only.
        #[must_use]
        pub const fn single_use(mut $self) -> Self {
            $self.$options.reuse = Some(::flame_core::pool::Reuse::SingleUse);
            $self
        }

        /// Which of several runners with a free slot gets a call. Spread unless set.
        #[must_use]
        pub const fn placement(mut $self, placement: ::flame_core::pool::Placement) -> Self {
            $self.$options.placement = Some(placement);
            $self
        }

        /// How long a call may take in all, waiting included, unless the call itself says otherwise. 30 seconds
        /// unless set.
        #[must_use]
        pub const fn timeout(mut $self, timeout: ::std::time::Duration) -> Self {
            $self.$options.timeout = Some(Some(timeout));
            $self
        }

        /// Lets calls take as long as they need, unless the call itself says otherwise.
        #[must_use]
        pub const fn no_timeout(mut $self) -> Self {
            $self.$options.timeout = Some(None);
            $self
        }

        /// How long a boot may take. 30 seconds unless set.
        #[must_use]
        pub const fn boot_timeout(mut $self, timeout: ::std::time::Duration) -> Self {
            $self.$options.boot_timeout = Some(timeout);
            $self
        }

        /// How long running work may go on when its runner is told to end. 30 seconds unless set.
        #[must_use]
        pub const fn shutdown_timeout(mut $self, timeout: ::std::time::Duration) -> Self {
            $self.$options.shutdown_timeout = Some(timeout);
            $self
        }

        /// How long a runner may be without work before it is taken down. 30 seconds unless set.
        #[must_use]
        pub const fn idle_shutdown_after(mut $self, idle: ::std::time::Duration) -> Self {
            $self.$options.idle_shutdown_after = Some(idle);
            $self
        }

        /// How long one of the last `min` runners may be without work before it is taken down too. Never unless
        /// set.
        #[must_use]
        pub const fn min_idle_shutdown_after(mut $self, idle: ::std::time::Duration) -> Self {
            $self.$options.min_idle_shutdown_after = Some(idle);
            $self
        }

        /// How long cancelled work may take to end before its runner gets no new work and is ended. 5 seconds
        /// unless set.
        #[must_use]
        pub const fn cancel_grace(mut $self, grace: ::std::time::Duration) -> Self {
            $self.$options.cancel_grace = Some(grace);
            $self
        }

        /// How long a runner may be silent before it is taken for lost, and its parent by it. 10 seconds unless
        /// set.
        #[must_use]
        pub const fn peer_loss_after(mut $self, silence: ::std::time::Duration) -> Self {
            $self.$options.peer_loss_after = Some(silence);
            $self
        }

        /// The largest arguments and the largest result, in bytes, that may travel. 1 GiB unless set.
        #[must_use]
        pub const fn max_payload(mut $self, bytes: u64) -> Self {
            $self.$options.max_payload = Some(bytes);
            $self
        }
    };
}
pub(crate) use pool_options;
