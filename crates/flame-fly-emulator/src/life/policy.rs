use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::exit::Exit;

/// How often a machine is started again within [`WITHIN`].
const MOST: usize = 10;
const WITHIN: Duration = Duration::from_secs(300);

/// Whether a machine is started again when its program has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Policy {
    No,
    Always,
    OnFailure,
}

impl Policy {
    /// What the configuration says. The API's default is not the harmless one.
    pub(super) fn of(configured: Option<&str>) -> Self {
        match configured {
            Some("no") => Self::No,
            Some("always") => Self::Always,
            Some(_) | None => Self::OnFailure,
        }
    }

    pub(super) fn wants_more_after(self, exit: Exit) -> bool {
        match self {
            Self::No => false,
            Self::Always => true,
            Self::OnFailure => exit.code != 0,
        }
    }
}

/// When a machine was started again.
#[derive(Debug, Default)]
pub(super) struct Retries {
    at: VecDeque<Instant>,
}

impl Retries {
    /// Whether it may be once more.
    pub(super) fn take(&mut self) -> bool {
        self.at.retain(|at| at.elapsed() < WITHIN);
        let is_allowed = self.at.len() < MOST;
        if is_allowed {
            self.at.push_back(Instant::now());
        }
        is_allowed
    }
}
