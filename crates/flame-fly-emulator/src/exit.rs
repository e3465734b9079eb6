use serde_json::{Value, json};

use crate::wall::rfc3339_millis;

/// What stands for the signal of what was not ended by one.
const NO_SIGNAL: i32 = -1;
/// What is added to a signal to make an exit code of it.
const KILLED_BY: i32 = 128;
/// The signal that nobody can ignore.
pub(crate) const SIGKILL: i32 = 9;

/// How the program of a machine ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exit {
    pub(crate) code: i32,
    signal: i32,
    out_of_memory: bool,
}

impl Exit {
    pub(crate) fn code(code: i32) -> Self {
        Self {
            code,
            signal: NO_SIGNAL,
            out_of_memory: false,
        }
    }

    pub(crate) fn signal(signal: i32) -> Self {
        Self {
            code: KILLED_BY + signal,
            signal,
            out_of_memory: false,
        }
    }

    pub(crate) fn out_of_memory() -> Self {
        Self {
            out_of_memory: true,
            ..Self::signal(SIGKILL)
        }
    }

    /// As an event tells it.
    pub(crate) fn to_json(
        self,
        at: u64,
        requested: bool,
        restarting: bool,
        restarts: usize,
    ) -> Value {
        json!({
            "exit_event": {
                "requested_stop": requested,
                "restarting": restarting,
                "guest_exit_code": self.code,
                "guest_signal": self.signal,
                "guest_error": "",
                "exit_code": self.code,
                "signal": self.signal,
                "error": "",
                "oom_killed": self.out_of_memory,
                "exited_at": rfc3339_millis(at),
            },
            "restart_count": restarts,
        })
    }
}
