use std::fmt;

/// How many runners a pool may have and how much each may do. Impossible limits cannot be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PoolLimits {
    min: usize,
    max: usize,
    max_concurrency: usize,
    warm: usize,
    max_queue: usize,
    reuse: Reuse,
    placement: Placement,
}

/// How many calls one runner runs at a time when nothing else is said, as in the original.
pub const MAX_CONCURRENCY: usize = 100;

/// How many callers may wait when nothing else is said.
pub const MAX_QUEUE: usize = 10_000;

/// Whether a runner is used for more than one call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reuse {
    /// A runner takes one call after the other.
    #[default]
    Many,
    /// A runner takes one call in its life, and goes down after it.
    SingleUse,
}

/// Which runner gets a call when several have a free slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Placement {
    /// The one with the least work: calls share the machines evenly.
    #[default]
    Spread,
    /// The one with the most work that still has a slot: the others fall idle and go away.
    Pack,
}

impl PoolLimits {
    /// Limits with at most `max` runners, and defaults for the rest: no minimum, 100 calls at a time on
    /// one runner, no warm headroom, 10,000 waiting callers, runners used many times, calls spread.
    ///
    /// # Errors
    ///
    /// When `max` is 0.
    pub fn new(max: usize) -> Result<Self, InvalidLimits> {
        Self {
            min: 0,
            max,
            max_concurrency: MAX_CONCURRENCY,
            warm: 0,
            max_queue: MAX_QUEUE,
            reuse: Reuse::default(),
            placement: Placement::default(),
        }
        .checked()
    }

    /// The same limits with at most `max` runners.
    ///
    /// # Errors
    ///
    /// When `max` is 0, or less than `min`.
    pub fn with_max(self, max: usize) -> Result<Self, InvalidLimits> {
        Self { max, ..self }.checked()
    }

    /// The same limits with at least `min` runners, always.
    ///
    /// # Errors
    ///
    /// When `min` is more than `max`.
    pub fn with_min(self, min: usize) -> Result<Self, InvalidLimits> {
        Self { min, ..self }.checked()
    }

    /// The same limits with `max_concurrency` slots on each runner.
    ///
    /// # Errors
    ///
    /// When `max_concurrency` is 0.
    pub fn with_max_concurrency(self, max_concurrency: usize) -> Result<Self, InvalidLimits> {
        Self {
            max_concurrency,
            ..self
        }
        .checked()
    }

    /// The same limits with `warm` slots kept free ahead of demand.
    #[must_use]
    pub fn with_warm(self, warm: usize) -> Self {
        Self { warm, ..self }
    }

    /// The same limits with room for `max_queue` waiting callers; 0 refuses whoever cannot run at once.
    #[must_use]
    pub fn with_max_queue(self, max_queue: usize) -> Self {
        Self { max_queue, ..self }
    }

    /// The same limits with runners used once or many times.
    #[must_use]
    pub fn with_reuse(self, reuse: Reuse) -> Self {
        Self { reuse, ..self }
    }

    /// The same limits with another placement.
    #[must_use]
    pub fn with_placement(self, placement: Placement) -> Self {
        Self { placement, ..self }
    }

    fn checked(self) -> Result<Self, InvalidLimits> {
        if self.max == 0 {
            Err(InvalidLimits::NoRunners)
        } else if self.max_concurrency == 0 {
            Err(InvalidLimits::NoSlots)
        } else if self.min > self.max {
            Err(InvalidLimits::MinAboveMax {
                min: self.min,
                max: self.max,
            })
        } else {
            Ok(self)
        }
    }

    /// The fewest runners.
    pub fn min(&self) -> usize {
        self.min
    }

    /// The most runners.
    pub fn max(&self) -> usize {
        self.max
    }

    /// How many calls one runner takes at a time.
    pub fn max_concurrency(&self) -> usize {
        match self.reuse {
            Reuse::Many => self.max_concurrency,
            Reuse::SingleUse => 1,
        }
    }

    /// How many slots are kept free ahead of demand.
    pub fn warm(&self) -> usize {
        self.warm
    }

    /// How many callers may wait. Those whose work was given back wait beside them.
    pub fn max_queue(&self) -> usize {
        self.max_queue
    }

    /// How many calls run at a time when there are as many runners as there may be.
    pub fn slots(&self) -> usize {
        self.max.saturating_mul(self.max_concurrency())
    }

    /// Whether runners are used many times.
    pub fn reuse(&self) -> Reuse {
        self.reuse
    }

    /// Which runner gets a call.
    pub fn placement(&self) -> Placement {
        self.placement
    }
}

/// Limits that no pool can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidLimits {
    /// `max` is 0.
    NoRunners,
    /// `max_concurrency` is 0.
    NoSlots,
    /// `min` is more than `max`.
    MinAboveMax {
        /// The minimum asked for.
        min: usize,
        /// The maximum asked for.
        max: usize,
    },
}

impl fmt::Display for InvalidLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRunners => f.write_str("a pool needs `max` of at least 1"),
            Self::NoSlots => f.write_str("a pool needs `max_concurrency` of at least 1"),
            Self::MinAboveMax { min, max } => {
                write!(f, "`min` is {min}, which is more than `max`, {max}")
            }
        }
    }
}

impl std::error::Error for InvalidLimits {}
