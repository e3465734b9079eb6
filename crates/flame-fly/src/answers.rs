use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;

use crate::api::Vm;
use crate::backend::Fly;
use crate::client::Answer;
use crate::config::{ConfigError, FlyConfig};
use crate::error::FlyError;
use crate::marks::{self, Origin};

/// Reads answers as the backend does, and sends nothing: for whoever looks for answers that hurt it.
#[doc(hidden)]
pub struct Answers(Fly);

impl Answers {
    /// Answers to requests with this configuration's token.
    ///
    /// # Errors
    ///
    /// Something is missing or not possible.
    pub fn new(config: FlyConfig) -> Result<Self, ConfigError> {
        Fly::new(config).map(Self)
    }

    /// Reads the answer to a request for one machine: all that is told on of it.
    ///
    /// # Errors
    ///
    /// It says no, or it cannot be read.
    pub fn one(&self, status: u16, body: &[u8]) -> Result<Vec<String>, FlyError> {
        Ok(told(&self.judge(status, body)?.json()?))
    }

    /// Reads the answer to a request for a list: all that is told on of each machine.
    ///
    /// # Errors
    ///
    /// It says no, or it cannot be read.
    pub fn list(&self, status: u16, body: &[u8]) -> Result<Vec<Vec<String>>, FlyError> {
        let found = self.judge(status, body)?.vms()?;
        Ok(found.iter().map(told).collect())
    }

    fn judge(&self, status: u16, body: &[u8]) -> Result<Answer, FlyError> {
        self.0.client.judge(Answer {
            status,
            request_id: None,
            retry_after: None,
            body: Bytes::copy_from_slice(body),
        })
    }
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answers").finish_non_exhaustive()
    }
}

fn told(vm: &Vm) -> Vec<String> {
    let mut told = vec![vm.state.to_string(), vm.history()];
    let names = [&vm.id, &vm.name, &vm.region, &vm.created_at];
    told.extend(names.into_iter().flatten().cloned());
    if let Some(exit) = vm.last_exit() {
        told.push(format!("{:?}", exit.how()));
        told.extend(exit.error());
    }
    if let Some(origin) = Origin::of(vm) {
        told.push(origin.life);
        told.extend(
            origin
                .place
                .map(|(app, machine)| format!("{app}/{machine}")),
        );
        told.extend(origin.process.map(|process| process.to_string()));
    }
    told.extend(
        marks::labels(vm)
            .into_iter()
            .flat_map(BTreeMap::into_values),
    );
    told
}
