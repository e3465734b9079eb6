use std::fmt;

use crate::Told;

/// One line of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A call is about to be submitted.
    Called {
        /// The call.
        id: u64,
        /// How many times its task may run: 1, or more if it is idempotent.
        runs: u32,
        /// For whoever reads the journal.
        what: String,
    },
    /// The task has begun.
    Started {
        /// The call.
        id: u64,
        /// Where.
        pid: u32,
    },
    /// The task has come to its end.
    Ended {
        /// The call.
        id: u64,
    },
    /// The caller was told the outcome, or leaves.
    Outcome {
        /// The call.
        id: u64,
        /// The outcome.
        told: Told,
        /// For whoever reads the journal.
        why: String,
    },
    /// A process is about to get into danger, so that its loss is no surprise.
    Endangered {
        /// The process.
        pid: u32,
        /// For whoever reads the journal.
        how: String,
    },
}

impl Entry {
    /// Reads what `Display` writes. `None` for anything else, half a line included.
    pub fn parse(line: &str) -> Option<Self> {
        let (kind, rest) = line.split_once(' ')?;
        let (number, text) = rest.split_once(' ').unwrap_or((rest, ""));
        let entry = match kind {
            "C" => {
                let (runs, what) = text.split_once(' ').unwrap_or((text, ""));
                Self::Called {
                    id: number.parse().ok()?,
                    runs: runs.parse().ok()?,
                    what: what.to_owned(),
                }
            }
            "S" => Self::Started {
                id: number.parse().ok()?,
                pid: text.parse().ok()?,
            },
            "E" => Self::Ended {
                id: number.parse().ok()?,
            },
            "O" => {
                let (told, why) = text.split_once(' ').unwrap_or((text, ""));
                Self::Outcome {
                    id: number.parse().ok()?,
                    told: Told::parse(told)?,
                    why: why.to_owned(),
                }
            }
            "K" => Self::Endangered {
                pid: number.parse().ok()?,
                how: text.to_owned(),
            },
            _ => return None,
        };
        Some(entry)
    }

    /// The call that it is about.
    pub fn id(&self) -> Option<u64> {
        match self {
            Self::Called { id, .. }
            | Self::Started { id, .. }
            | Self::Ended { id }
            | Self::Outcome { id, .. } => Some(*id),
            Self::Endangered { .. } => None,
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Called { id, runs, what } => write!(f, "C {id} {runs} {}", one_line(what)),
            Self::Started { id, pid } => write!(f, "S {id} {pid}"),
            Self::Ended { id } => write!(f, "E {id}"),
            Self::Outcome { id, told, why } => write!(f, "O {id} {told} {}", one_line(why)),
            Self::Endangered { pid, how } => write!(f, "K {pid} {}", one_line(how)),
        }
    }
}

/// Errors have several lines where they show the last words of a process.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
