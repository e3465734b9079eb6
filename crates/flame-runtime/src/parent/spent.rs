use std::collections::{HashMap, VecDeque};

use crate::link::tls::Fingerprint;

/// How many boots are remembered whose tokens are good for nothing any more.
const REMEMBERED: usize = 1_024;

/// The boots that nobody is expected to call back for any more, the latest ones, to tell in the log who came.
///
/// Nobody is let in by what is here, and nobody is told of it.
#[derive(Debug, Default)]
pub(super) struct SpentBoots {
    boots: HashMap<String, Spent>,
    /// Their names, the oldest first.
    order: VecDeque<String>,
}

/// A token that was good once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spent {
    pub(super) token: Fingerprint,
    pub(super) how: Spending,
}

/// Why a token is good for nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spending {
    /// Somebody has attached with it.
    Used,
    /// Its boot was given up or has ended.
    Expired,
}

impl SpentBoots {
    /// Remembers a boot, and forgets the oldest one if there are too many. Names of boots are never used again.
    pub(super) fn remember(&mut self, boot: String, spent: Spent) {
        if self.order.len() == REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.boots.remove(&oldest);
        }
        self.order.push_back(boot.clone());
        self.boots.insert(boot, spent);
    }

    pub(super) fn get(&self, boot: &str) -> Option<Spent> {
        self.boots.get(boot).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_remembered() {
        let mut boots = SpentBoots::default();
        let spent = Spent {
            token: Fingerprint([1; 32]),
            how: Spending::Used,
        };
        for number in 0..=REMEMBERED {
            boots.remember(format!("boot-{number}"), spent);
        }
        assert!(boots.get("boot-0").is_none());
        assert!(boots.get("boot-1").is_some());
        assert_eq!(
            (boots.boots.len(), boots.order.len()),
            (REMEMBERED, REMEMBERED)
        );
    }
}
