use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::exit_event::ExitEvent;
use super::word::word;

/// Something that happened to a machine.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct VmEvent {
    #[serde(rename = "type", deserialize_with = "word")]
    kind: Option<String>,
    #[serde(deserialize_with = "word")]
    status: Option<String>,
    /// Milliseconds, of a clock of Fly's: for the order alone.
    timestamp: Option<i64>,
    /// Absent, `null`, empty, or what came of it.
    request: Option<Value>,
}

impl VmEvent {
    /// Whether the program in it was started.
    pub(crate) fn is_start(&self) -> bool {
        self.kind.as_deref() == Some("start") && self.status.as_deref() == Some("started")
    }

    /// How the program ended, if this event tells of its end.
    pub(crate) fn exit(&self) -> Option<ExitEvent> {
        ExitEvent::from_request(self.request.as_ref()?)
    }

    pub(crate) fn at(&self) -> i64 {
        self.timestamp.unwrap_or_default()
    }
}

impl fmt::Display for VmEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |word: &Option<String>| word.clone().unwrap_or_else(|| "?".to_owned());
        write!(f, "{}/{}", word(&self.kind), word(&self.status))
    }
}

/// Reads a list of events; those that cannot be read are left out, as is a list that is none.
pub(super) fn events<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<VmEvent>, D::Error> {
    let events = match Option::<Value>::deserialize(deserializer)? {
        Some(Value::Array(events)) => events,
        Some(_) | None => Vec::new(),
    };
    let read = events.into_iter().map(serde_json::from_value);
    Ok(read.filter_map(Result::ok).collect())
}
