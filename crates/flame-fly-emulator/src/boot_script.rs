use std::time::Duration;

/// How machines boot, and what becomes of them then.
#[derive(Debug, Clone, Default)]
pub struct BootScript {
    pub(crate) created_for: Duration,
    pub(crate) starting_for: Duration,
    pub(crate) course: Course,
    pub(crate) is_deaf: bool,
    pub(crate) is_frozen: bool,
    pub(crate) is_unreachable: bool,
    pub(crate) flood: usize,
}

/// What happens in place of the image's program.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Course {
    /// Nothing else: the program runs.
    #[default]
    Runs,
    PullFails,
    Exits(i32),
    OutOfMemory,
    NeverDials,
}

impl BootScript {
    /// At once, and then its image's program runs.
    #[must_use]
    pub fn runs() -> Self {
        Self::default()
    }

    /// It stays `created` for so long, as if it waited for a host.
    #[must_use]
    pub fn stuck_created(span: Duration) -> Self {
        Self {
            created_for: span,
            ..Self::default()
        }
    }

    /// It stays `starting` for so long.
    #[must_use]
    pub fn slow(span: Duration) -> Self {
        Self {
            starting_for: span,
            ..Self::default()
        }
    }

    /// Its image cannot be pulled: it is `launch_failed` and then destroyed.
    #[must_use]
    pub fn pull_fails() -> Self {
        Self::on(Course::PullFails)
    }

    /// It starts, and ends at once with this code.
    #[must_use]
    pub fn exits(code: i32) -> Self {
        Self::on(Course::Exits(code))
    }

    /// It starts, and is killed at once because it wants too much memory.
    #[must_use]
    pub fn out_of_memory() -> Self {
        Self::on(Course::OutOfMemory)
    }

    /// It starts, and runs nothing.
    #[must_use]
    pub fn never_dials() -> Self {
        Self::on(Course::NeverDials)
    }

    /// It does not hear the signal that asks it to stop, and has to be killed.
    #[must_use]
    pub fn zombie() -> Self {
        Self {
            is_deaf: true,
            ..Self::default()
        }
    }

    /// Its processes are frozen as soon as it has started: connections stay open, and nothing moves.
    #[must_use]
    pub fn frozen() -> Self {
        Self {
            is_frozen: true,
            ..Self::default()
        }
    }

    /// Its host cannot be reached, so answers are without its `config`.
    #[must_use]
    pub fn host_unreachable() -> Self {
        Self {
            is_unreachable: true,
            ..Self::default()
        }
    }

    /// So many events are added when it has started.
    #[must_use]
    pub fn flood(events: usize) -> Self {
        Self {
            flood: events,
            ..Self::default()
        }
    }

    fn on(course: Course) -> Self {
        Self {
            course,
            ..Self::default()
        }
    }
}
