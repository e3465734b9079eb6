use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use flame_core::{InstanceName, RunnerId};
use subtle::ConstantTimeEq;

use super::peer::Peer;
use super::spent::{Spending, Spent, SpentBoots};
use super::turned_away::TurnedAway;
use crate::link::Bulk;
use crate::link::tls::Fingerprint;
use crate::pool::{Refusal, Shared};

/// The boots that wait for a call back, and the sessions that wait for their bulk connection.
#[derive(Debug, Default)]
pub(crate) struct Boots {
    state: Mutex<State>,
    turned_away: TurnedAway,
}

#[derive(Debug, Default)]
struct State {
    expected: HashMap<String, Expected>,
    spent: SpentBoots,
    bulk: HashMap<Bytes, AwaitedBulk>,
}

/// A boot that waits for its copy to call back.
#[derive(Debug)]
struct Expected {
    /// The token itself is known to the copy alone.
    token: Fingerprint,
    /// The one that it was told first, if it has given that for this one.
    exchanged: Option<Fingerprint>,
    pool: Weak<Shared>,
    runner: RunnerId,
}

impl Expected {
    /// What stands in the text about its parent, and so in the hands of those who have copied that.
    fn told(&self) -> Fingerprint {
        self.exchanged.unwrap_or(self.token)
    }
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

impl State {
    /// Why the token is good for nothing, if it is.
    fn judge(&self, instance: &str, token: &[u8]) -> Result<(), Refusal> {
        let expected = self.expected.get(instance);
        let spent = self.spent.get(instance);
        let known = expected.map(|expected| expected.token);
        let known = known.or(spent.map(|spent| spent.token));
        let shown = Fingerprint::of(token);
        // For a boot that is unknown as much is done as for a wrong token.
        let right = known.map_or([0; 32], |known| known.0);
        let is_right = bool::from(right.ct_eq(&shown.0));
        let exchanged = expected.and_then(|expected| expected.exchanged);
        let was_right = bool::from(exchanged.map_or([0; 32], |token| token.0).ct_eq(&shown.0));
        if known.is_none() {
            return Err(Refusal::Unauthenticated);
        }
        if was_right && exchanged.is_some() {
            return Err(Refusal::Used);
        }
        if !is_right {
            return Err(Refusal::WrongToken);
        }
        match (expected, spent.map(|spent| spent.how)) {
            (Some(_), _) => Ok(()),
            (None, Some(Spending::Expired)) => Err(Refusal::Expired),
            (None, Some(Spending::Used) | None) => Err(Refusal::Used),
        }
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
                exchanged: None,
                pool,
                runner,
            },
        );
    }

    /// Does not expect it any more.
    pub(crate) fn forget(&self, instance: &InstanceName) {
        let mut state = self.lock();
        if let Some((boot, expected)) = state.expected.remove_entry(instance.as_str()) {
            let how = Spending::Expired;
            let token = expected.told();
            state.spent.remember(boot, Spent { token, how });
        }
    }

    /// Spends the token: the boot it belongs to, if it is the right one. A wrong token burns nothing.
    ///
    /// # Errors
    ///
    /// Why it is good for nothing, which is for our own log: whoever shows it hears the same each time.
    pub(crate) fn redeem(
        &self,
        instance: &str,
        token: &[u8],
    ) -> Result<(Weak<Shared>, RunnerId), Refusal> {
        let mut state = self.lock();
        state.judge(instance, token)?;
        let spent = state.expected.remove_entry(instance);
        let (boot, expected) = spent.ok_or(Refusal::Used)?;
        let how = Spending::Used;
        let token = expected.told();
        state.spent.remember(boot, Spent { token, how });
        Ok((expected.pool, expected.runner))
    }

    /// Spends the token and puts another one in its place, if it is the right one. It does so once for each boot.
    ///
    /// # Errors
    ///
    /// As [`redeem`](Self::redeem).
    pub(super) fn exchange(
        &self,
        instance: &str,
        token: &[u8],
    ) -> Result<(Weak<Shared>, Token), Refusal> {
        let mut state = self.lock();
        state.judge(instance, token)?;
        let expected = state.expected.get_mut(instance).ok_or(Refusal::Used)?;
        if expected.exchanged.is_some() {
            return Err(Refusal::Used);
        }
        let fresh = Token::random();
        expected.exchanged = Some(expected.token);
        expected.token = Fingerprint::of(&fresh.0);
        Ok((expected.pool.clone(), fresh))
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
    pub(super) fn turned_away(&self) -> &TurnedAway {
        &self.turned_away
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
        let redeem = |boot, token| boots.redeem(boot, token).map(|(_, runner)| runner);
        let wrong = Err(Refusal::WrongToken);
        assert_eq!(redeem(instance.as_str(), &[0; 32]), wrong);
        let unknown = Err(Refusal::Unauthenticated);
        assert_eq!(redeem("somebody-else", &token.0), unknown);
        assert_eq!(redeem(instance.as_str(), &token.0), Ok(RunnerId(7)));
        // Its end changes nothing of that it was used.
        for _ in 0..2 {
            assert_eq!(redeem(instance.as_str(), &token.0), Err(Refusal::Used));
            assert_eq!(redeem(instance.as_str(), &[0; 32]), wrong);
            boots.forget(&instance);
        }
    }

    #[test]
    fn a_token_expires_with_its_boot() {
        let boots = Boots::default();
        let pool: PoolName = "p".parse().unwrap();
        let instance = InstanceName::new(&pool, 1, RunnerId(7));
        let token = Token::random();
        boots.expect(&instance, token, Weak::new(), RunnerId(7));
        boots.forget(&instance);
        let refused = |token: &[u8]| {
            boots
                .redeem(instance.as_str(), token)
                .map(|_| ())
                .unwrap_err()
        };
        assert_eq!(refused(&token.0), Refusal::Expired);
        assert_eq!(refused(&[0; 32]), Refusal::WrongToken);
        // With nothing to compare with, nothing is right.
        assert_eq!(refused(&[]), Refusal::WrongToken);
    }

    #[test]
    fn a_token_that_was_exchanged_is_spent_and_the_one_for_it_is_good_once() {
        let boots = Boots::default();
        let pool: PoolName = "p".parse().unwrap();
        let instance = InstanceName::new(&pool, 1, RunnerId(7));
        let (instance, token) = (&instance, Token::random());
        boots.expect(instance, token, Weak::new(), RunnerId(7));
        let exchange = |token: &[u8]| boots.exchange(instance.as_str(), token);
        let redeem = |token: &[u8]| boots.redeem(instance.as_str(), token);
        assert_eq!(exchange(&[0; 32]).unwrap_err(), Refusal::WrongToken);
        let (_, fresh) = exchange(&token.0).unwrap();
        for spent in [token.0, fresh.0] {
            assert_eq!(exchange(&spent).unwrap_err(), Refusal::Used);
        }
        assert_eq!(redeem(&token.0).unwrap_err(), Refusal::Used);
        assert_eq!(redeem(&[0; 32]).unwrap_err(), Refusal::WrongToken);
        assert_eq!(redeem(&fresh.0).unwrap().1, RunnerId(7));
        for _ in 0..2 {
            assert_eq!(redeem(&token.0).unwrap_err(), Refusal::Used);
            assert_eq!(exchange(&token.0).unwrap_err(), Refusal::Used);
            boots.forget(instance);
        }
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
