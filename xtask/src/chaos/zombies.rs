use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::ensure;

use crate::e2e::program::Program;

/// How old a zombie may be: it is promised that they are buried within a second, and the host may be busy.
const OLDEST: Duration = Duration::from_secs(3);

/// The children that a parent has not buried, and since when.
#[derive(Default)]
pub(super) struct Zombies {
    seen: BTreeMap<u32, Instant>,
}

impl Zombies {
    /// Fails if there is one that was there long ago.
    pub(super) fn look(&mut self, program: &Program) -> anyhow::Result<()> {
        let (now, parent) = (Instant::now(), program.pid());
        let processes = program.processes();
        let zombies = processes
            .iter()
            .filter(|process| process.is_zombie_of(parent));
        let mut seen = BTreeMap::new();
        for zombie in zombies {
            let since = self.seen.get(&zombie.pid).copied().unwrap_or(now);
            ensure!(now - since < OLDEST, "nobody buries {zombie:?}");
            seen.insert(zombie.pid, since);
        }
        self.seen = seen;
        Ok(())
    }
}
