use std::sync::Arc;

use bytes::Bytes;
use flame_proto::frame::Reject;
use flame_proto::v1;
use flame_task::Secrets;

use super::admission::Admission;
use super::boots::{Boots, Token};
use crate::pool::Refusal;
use crate::threads::Threads;

/// Gives a copy that has not said hello the secrets of its pool, and the token for its hello: the one that it shows here
/// is spent.
pub(crate) fn give(
    boots: &Boots,
    threads: &Threads,
    admission: Option<&Admission>,
    boot: &str,
    token: &[u8],
) -> Result<(Arc<Secrets>, Token), Reject> {
    let given = boots.exchange(boot, token).and_then(|(pool, token)| {
        let pool = pool.upgrade().ok_or(Refusal::Unwanted)?;
        Ok((pool.secrets(), token))
    });
    given.map_err(|refusal| {
        let from = admission.and_then(Admission::turn_away);
        let asked = format!("it asked for the secrets of {boot:?}");
        let turned_away = boots.turned_away();
        turned_away.stranger(refusal, from, Some(&asked), threads);
        // Which of them it is, is nothing that a stranger may learn.
        Reject::Unauthenticated
    })
}

/// What is sent of them.
pub(super) fn encode(secrets: &Secrets, token: Token) -> v1::GetSecretsResponse {
    let secrets = secrets.iter().map(|(name, secret)| v1::Secret {
        name: name.to_owned(),
        value: Bytes::copy_from_slice(secret.expose().as_bytes()),
    });
    v1::GetSecretsResponse {
        secrets: secrets.collect(),
        token: Bytes::copy_from_slice(&token.0),
    }
}
