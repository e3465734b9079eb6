use std::fmt;

use serde::{Deserialize, Deserializer};

use super::word::word;

/// What a machine is doing. There may be states that nobody has told us of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum VmState {
    Created,
    Starting,
    Started,
    Stopping,
    Stopped,
    Suspending,
    Suspended,
    Restarting,
    Failed,
    LaunchFailed,
    Destroying,
    Destroyed,
    /// Any other word.
    Other(String),
    /// The answer does not say.
    #[default]
    Untold,
}

impl VmState {
    fn from_word(word: &str) -> Self {
        match word {
            "created" => Self::Created,
            "starting" => Self::Starting,
            "started" => Self::Started,
            "stopping" => Self::Stopping,
            "stopped" => Self::Stopped,
            "suspending" => Self::Suspending,
            "suspended" => Self::Suspended,
            "restarting" => Self::Restarting,
            "failed" => Self::Failed,
            "launch_failed" => Self::LaunchFailed,
            "destroying" => Self::Destroying,
            "destroyed" => Self::Destroyed,
            "" => Self::Untold,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Whether it is on its way out, or there already.
    pub(crate) fn is_leaving(&self) -> bool {
        matches!(self, Self::Destroying | Self::Destroyed)
    }

    /// Whether nothing runs in it any more, and nothing will by itself.
    pub(crate) fn is_at_rest(&self) -> bool {
        matches!(
            self,
            Self::Stopped | Self::Failed | Self::LaunchFailed | Self::Destroying | Self::Destroyed
        )
    }

    /// Whether it may be that no process of it has run yet.
    pub(crate) fn is_before_start(&self) -> bool {
        matches!(self, Self::Created | Self::Starting | Self::Untold)
    }
}

impl fmt::Display for VmState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Created => "created",
            Self::Starting => "starting",
            Self::Started => "started",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
            Self::Suspending => "suspending",
            Self::Suspended => "suspended",
            Self::Restarting => "restarting",
            Self::Failed => "failed",
            Self::LaunchFailed => "launch_failed",
            Self::Destroying => "destroying",
            Self::Destroyed => "destroyed",
            Self::Other(word) => word,
            Self::Untold => "in a state that is not told",
        })
    }
}

impl<'de> Deserialize<'de> for VmState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = word(deserializer)?;
        Ok(Self::from_word(word.as_deref().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // C33
    #[test]
    fn states_that_nobody_has_told_us_of_are_read_and_shown_as_they_are() {
        let read = |word: &str| serde_json::from_str::<VmState>(word).unwrap();
        assert_eq!(read("\"suspended\""), VmState::Suspended);
        assert_eq!(read("\"launch_failed\""), VmState::LaunchFailed);
        assert_eq!(read("\"quantum\""), VmState::Other("quantum".into()));
        assert_eq!(read("null"), VmState::Untold);
        assert_eq!(read("\"\\u001b[2Jstarted\""), VmState::Untold);
        for word in ["created", "suspended", "launch_failed", "quantum"] {
            assert_eq!(read(&format!("{word:?}")).to_string(), word);
        }
    }
}
