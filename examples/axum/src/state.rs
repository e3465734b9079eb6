use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How far a picture is. Whichever of the last four comes first stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It waits for a runner, or is being worked on.
    Waiting,
    /// It has a thumbnail.
    Done,
    /// It is no good: sending it again will not help.
    Refused,
    /// The work on it did not come to an end, for reasons that are none of the picture's: send it again.
    Lost,
    /// Whoever sent it did not wait.
    Cancelled,
}

const NAMES: [(State, &str); 5] = [
    (State::Waiting, "waiting"),
    (State::Done, "done"),
    (State::Refused, "refused"),
    (State::Lost, "lost"),
    (State::Cancelled, "cancelled"),
];

impl State {
    /// What it is called in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        let known = NAMES.iter().find(|(state, _)| *state == self);
        known.map_or("", |(_, name)| name)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for State {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = NAMES.iter().find(|(_, name)| *name == text);
        known
            .map(|(state, _)| *state)
            .ok_or_else(|| format!("{text:?} is no state of a picture"))
    }
}
