use std::time::Instant;

/// How far the pool should be in its life.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PoolLife {
    /// It takes nobody any more.
    pub(crate) is_draining: bool,
    /// When a drain is over, callers or not.
    pub(crate) drain_until: Option<Instant>,
    pub(crate) is_shutting_down: bool,
    pub(crate) is_killed: bool,
    /// How often its end was confirmed.
    pub(crate) confirmed: u32,
}

impl PoolLife {
    pub(super) fn drain(&mut self, until: Option<Instant>) {
        if self.is_shutting_down {
            return;
        }
        self.drain_until = match (self.is_draining, self.drain_until, until) {
            (true, Some(before), Some(until)) => Some(before.min(until)),
            (true, before, None) => before,
            (true, None, until) | (false, _, until) => until,
        };
        self.is_draining = true;
    }

    pub(super) fn shut_down(&mut self) {
        self.is_shutting_down = true;
    }

    pub(super) fn kill(&mut self) {
        self.is_shutting_down = true;
        self.is_killed = true;
    }

    /// Whether whoever comes is let in.
    pub(crate) fn is_open(&self) -> bool {
        !self.is_draining && !self.is_shutting_down
    }
}
