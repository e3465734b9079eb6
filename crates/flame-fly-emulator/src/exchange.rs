use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::route::Route;
use crate::token::hashed;

/// A request and what became of it, as the journal has it.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// When it came, in milliseconds since 1970.
    pub at: u64,
    /// Its method, in capitals.
    pub method: String,
    /// Its path, as it was sent.
    pub path: String,
    /// What it asked for.
    pub route: Route,
    /// The machine it was about.
    pub machine: Option<String>,
    /// The parts of its query, decoded, in their order.
    pub query: Vec<(String, String)>,
    /// Its headers. Of a token there is only the scheme and a hash; see
    /// [`authorization`](Self::authorization).
    pub headers: BTreeMap<String, String>,
    /// Its body, if that was JSON.
    pub body: Option<Value>,
    /// What the schema does not allow, or what is not modeled.
    pub violations: Vec<String>,
    /// The status of the answer; `None` as long as there is none, and if the connection was dropped instead.
    pub status: Option<u16>,
    /// The body of the answer, if that was JSON.
    pub answer: Option<Value>,
}

impl Exchange {
    /// What a header `Authorization` with this value looks like in a journal.
    #[must_use]
    pub fn authorization(value: &str) -> String {
        hashed(value)
    }

    /// The first value with this name in the query.
    #[must_use]
    pub fn asked(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// All of it, as a line of a journal has it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "at": self.at,
            "method": self.method,
            "path": self.path,
            "route": self.route.name(),
            "machine": self.machine,
            "query": self.query,
            "headers": self.headers,
            "body": self.body,
            "violations": self.violations,
            "status": self.status,
            "answer": self.answer,
        })
    }
}
