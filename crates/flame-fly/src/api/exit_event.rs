use flame_core::backend::ExitKind;
use serde::Deserialize;
use serde_json::Value;

use super::problem::shown;

/// How the program in a machine ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct ExitEvent {
    exit_code: Option<i32>,
    /// -1 when there was none.
    signal: Option<i32>,
    guest_signal: Option<i32>,
    oom_killed: Option<bool>,
    /// What the host says, if it says something.
    error: Option<String>,
}

impl ExitEvent {
    /// Fly nests it in one of two ways, by the age of the machine.
    pub(super) fn from_request(request: &Value) -> Option<Self> {
        let event = match request.get("MonitorEvent") {
            Some(monitor) => monitor.get("exit_event"),
            None => request.get("exit_event"),
        };
        serde_json::from_value(event?.clone()).ok()
    }

    pub(crate) fn how(&self) -> ExitKind {
        let signals = [self.signal, self.guest_signal];
        let signal = signals.into_iter().flatten().find(|signal| *signal > 0);
        match (self.oom_killed, signal) {
            (Some(true), _) => ExitKind::OutOfMemory,
            (_, Some(signal)) => ExitKind::Signal(signal),
            // Fly leaves zeros out.
            (_, None) => ExitKind::Code(self.exit_code.unwrap_or(0)),
        }
    }

    /// What the host says; on one line, and not longer than a person wants to read.
    pub(crate) fn error(&self) -> Option<String> {
        let error = self.error.as_deref().map(shown);
        error.filter(|error| !error.is_empty())
    }
}
