use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use flame_core::{InstanceName, RunnerId};
use subtle::ConstantTimeEq;

use super::peer::Peer;
use crate::link::Bulk;
use crate::link::tls::Fingerprint;
use crate::pool::{Refusals, Shared};

/// The boots that wait for a call back, and the sessions that wait for their bulk connection.
#[derive(Debug, Default)]
pub(crate) struct Boots {
    state: Mutex<State>,
    refusals: Refusals,
}

#[derive(Debug, Default)]
struct State {
    expected: HashMap<String, Expected>,
    bulk: HashMap<Bytes, AwaitedBulk>,
}

/// A boot that waits for its copy to call back.
#[derive(Debug)]
struct Expected {
    /// The token itself is known to the copy alone.
    token: Fingerprint,
    pool: Weak<Shared>,
    runner: RunnerId,
}

/// A session that waits for its bulk connection.
#[derive(Debug)]
pub(super) struct AwaitedBulk {
    /// Who has attached, and nobody else, may open it.
    pub(super) peer: Peer,
    pub(super) bulk: Weak<Bulk>,
    pub(super) peer_loss_after: Duration,
}

/// 256 random bits that are good for one handshake.
#[derive(Clone, Copy)]
pub(crate) struct Token(pub(crate) [u8; 32]);

impl Token {
    /// A fresh one from the system's random source.
    #[expect(
        clippy::expect_used,
        reason = "without randomness no secret can be made and nothing may start"
    )]
    pub(crate) fn random() -> Self {
        let mut token = [0; 32];
        getrandom::fill(&mut token).expect("the system's random source answers");
        Self(token)
    }
}

/// A secret until it is spent.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Boots {
    /// Expects the instance to call back with this token.
    pub(crate) fn expect(
        &self,
        instance: &InstanceName,
        token: Token,
        pool: Weak<Shared>,
        runner: RunnerId,
    ) {
        self.lock().expected.insert(
            instance.to_string(),
            Expected {
                token: Fingerprint::of(&token.0),
                pool,
                runner,
            },
        );
    }

    /// Does not expect it any more.
    pub(crate) fn forget(&self, instance: &InstanceName) {
        self.lock().expected.remove(instance.as_str());
    }

    /// Spends the token: the boot it belongs to, if it is the right one. A wrong token burns nothing.
    pub(crate) fn redeem(&self, instance: &str, token: &[u8]) -> Option<(Weak<Shared>, RunnerId)> {
        let mut state = self.lock();
        let expected = state.expected.get(instance);
        // For a boot that is unknown as much is done as for a wrong token.
        let right = expected.map_or([0; 32], |expected| expected.token.0);
        let is_right = bool::from(right.ct_eq(&Fingerprint::of(token).0));
        if expected.is_none() || !is_right {
            return None;
        }
        let expected = state.expected.remove(instance)?;
        Some((expected.pool, expected.runner))
    }

    /// Expects a bulk connection that shows this key.
    pub(super) fn expect_bulk(&self, key: Bytes, awaited: AwaitedBulk) {
        self.lock().bulk.insert(key, awaited);
    }

    /// Does not expect it any more.
    pub(crate) fn forget_bulk(&self, key: &[u8]) {
        self.lock().bulk.remove(key);
    }

    /// The session whose key this is. A key opens one connection, to the one that has attached.
    pub(super) fn redeem_bulk(&self, key: &[u8], peer: Peer) -> Option<AwaitedBulk> {
        let mut state = self.lock();
        if state.bulk.get(key)?.peer != peer {
            return None;
        }
        state.bulk.remove(key)
    }

    /// How many copies are expected to call back, or to open their bulk connection.
    pub(super) fn awaited(&self) -> usize {
        let state = self.lock();
        state.expected.len() + state.bulk.len()
    }

    /// Those who called back here and were turned away.
    pub(crate) fn refusals(&self) -> &Refusals {
        &self.refusals
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use flame_core::PoolName;

    use super::*;

    #[test]
    fn a_token_is_good_once_and_a_wrong_one_burns_nothing() {
        let boots = Boots::default();
        let pool: PoolName = "p".parse().unwrap();
        let instance = InstanceName::new(&pool, 1, RunnerId(7));
        let token = Token::random();
        boots.expect(&instance, token, Weak::new(), RunnerId(7));
        assert!(boots.redeem(instance.as_str(), &[0; 32]).is_none());
        assert!(boots.redeem("somebody-else", &token.0).is_none());
        assert_eq!(
            boots.redeem(instance.as_str(), &token.0).unwrap().1,
            RunnerId(7)
        );
        assert!(boots.redeem(instance.as_str(), &token.0).is_none());
        assert!(boots.redeem(instance.as_str(), &[0; 32]).is_none());
    }

    #[test]
    fn a_bulk_connection_is_opened_once_and_by_the_one_that_attached() {
        let boots = Boots::default();
        let key = Bytes::from_static(&[1; 32]);
        let runner = Peer::Key(Fingerprint([2; 32]));
        let thief = Peer::Key(Fingerprint([3; 32]));
        let awaited = AwaitedBulk {
            peer: runner,
            bulk: Weak::new(),
            peer_loss_after: Duration::from_secs(1),
        };
        boots.expect_bulk(key.clone(), awaited);
        for (key, peer) in [
            (&key[..], thief),
            (&key[..], Peer::SameHost),
            (&[7], runner),
        ] {
            assert!(boots.redeem_bulk(key, peer).is_none(), "{peer:?}");
        }
        assert!(boots.redeem_bulk(&key, runner).is_some());
        assert!(boots.redeem_bulk(&key, runner).is_none());
    }
}
