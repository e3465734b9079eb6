use std::time::{Duration, Instant};

/// How far apart runners may fall silent for one and the same reason.
const APART: Duration = Duration::from_secs(30);

/// The runners that fell silent one after the other, since the last one called back.
///
/// One may have any reason. When all that a pool has do it at about the same time, it is more likely that this process
/// hears nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Silence {
    runners: u32,
    last_at: Option<Instant>,
    suspicions: u64,
}

impl Silence {
    /// A runner called back: this process hears what comes.
    pub(super) fn is_broken(&mut self) {
        self.runners = 0;
    }

    /// One more is silent. Whether this process is to be suspected, of whose runners so many still have a session.
    pub(super) fn grows(&mut self, with_a_session: usize, now: Instant) -> bool {
        let last_at = self.last_at.replace(now);
        let is_another = last_at.is_some_and(|at| now.duration_since(at) > APART);
        self.runners = if is_another {
            1
        } else {
            self.runners.saturating_add(1)
        };
        let is_suspected = self.runners > 1 && with_a_session == 0;
        if is_suspected {
            self.runners = 0;
            self.suspicions += 1;
        }
        is_suspected
    }

    /// How often this process was suspected.
    pub(super) fn suspicions(&self) -> u64 {
        self.suspicions
    }
}
