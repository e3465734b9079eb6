use std::time::Duration;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::api::Vm;
use crate::error::{FlyError, Said};

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Bytes,
}

impl Answer {
    /// Reads what it says. The text of an answer that cannot be read is not told: it may be anything.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, FlyError> {
        serde_json::from_slice(&self.body).map_err(|_| self.malformed("a body that can be read"))
    }

    /// Reads a list of machines.
    pub(crate) fn vms(&self) -> Result<Vec<Vm>, FlyError> {
        let found: Vec<serde_json::Value> = self.json()?;
        // What cannot be read is nobody's, and one of those must not hide the others.
        Ok(found
            .into_iter()
            .filter_map(|vm| serde_json::from_value(vm).ok())
            .collect())
    }

    /// The error of an answer without something that it must have.
    pub(crate) fn malformed(&self, lacks: &'static str) -> FlyError {
        FlyError::Malformed {
            lacks,
            said: Said {
                status: self.status,
                text: format!("{} bytes", self.body.len()),
                request_id: self.request_id.clone(),
            },
        }
    }
}
