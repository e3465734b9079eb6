use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

/// The right to change a machine, for a while.
#[derive(Debug, Clone)]
pub(crate) struct Lease {
    pub(crate) nonce: String,
    pub(crate) owner: String,
    pub(crate) description: String,
    pub(crate) ends_at: Instant,
    /// The same in milliseconds since 1970.
    pub(crate) expires_at: u64,
}

impl Lease {
    pub(crate) fn new(
        nonce: String,
        owner: String,
        description: String,
        now: u64,
        ttl: Duration,
    ) -> Self {
        Self {
            nonce,
            owner,
            description,
            ends_at: Instant::now() + ttl,
            expires_at: now + u64::try_from(ttl.as_millis()).unwrap_or(0),
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        Instant::now() >= self.ends_at
    }

    /// All of it, in the envelope that only leases have.
    pub(crate) fn to_json(&self, version: &str) -> Value {
        json!({
            "status": "success",
            "data": {
                "nonce": self.nonce,
                "expires_at": self.expires_at / 1000,
                "owner": self.owner,
                "description": self.description,
                "version": version,
            },
        })
    }

    /// What others may know of it.
    pub(crate) fn stripped(&self) -> Value {
        json!({
            "owner": self.owner,
            "expires_at": self.expires_at / 1000,
            "description": self.description,
        })
    }
}
