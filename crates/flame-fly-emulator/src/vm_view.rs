use serde_json::Value;

use crate::state::State;

/// A machine, seen from behind the API.
#[derive(Debug, Clone)]
pub struct VmView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its app.
    pub app: String,
    /// What it is now.
    pub state: State,
    /// Where it was placed.
    pub region: String,
    /// The address that answers tell of, which leads nowhere.
    pub private_ip: String,
    /// Its configuration, as answers have it.
    pub config: Value,
    /// What happened to it, the newest first.
    pub events: Vec<Value>,
    /// Its process, if one runs.
    pub pid: Option<u32>,
    /// The last lines that its processes wrote to both of their streams.
    pub output: Vec<String>,
    /// All states that it had, and when each began, in milliseconds since 1970.
    pub history: Vec<(State, u64)>,
}

impl VmView {
    /// A value of its metadata.
    #[must_use]
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.config.get("metadata")?.get(key)?.as_str()
    }

    /// A variable of its configured environment.
    #[must_use]
    pub fn env(&self, name: &str) -> Option<&str> {
        self.config.get("env")?.get(name)?.as_str()
    }

    /// Whether it is not destroyed.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.state != State::Destroyed
    }
}
