//! What `flame doctor` and the program that it asks say to one another.
//!
//! The doctor starts the program with [`VARIABLE`] naming a unix socket. `flame::runner()` connects to it, reads one
//! [`ProbeRequest`], does what a pool does, and tells each step as a [`ProbeReport`]. Both are lines of text with
//! tabs between their fields, and fields that a program does not know are left unread.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The environment variable that names the doctor's socket.
///
/// Whatever the program starts inherits it, which does no harm: the doctor takes one connection and removes the
/// socket, and a runner does not look.
pub const VARIABLE: &str = "FLAME_PROBE";

/// The first word of a request, so that a later form is recognized as such.
const FORM: &str = "flame-probe-1";

/// What the doctor wants to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeRequest {
    /// The pool whose settings are looked at; `None` for those of no pool.
    pub pool: Option<String>,
    /// Nothing is sent and nothing is started.
    pub dry_run: bool,
}

/// What the program tells of one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeReport {
    /// The step has begun.
    Began {
        /// Its name.
        step: String,
    },
    /// The step has come to its end.
    Ended {
        /// Its name.
        step: String,
        /// How it ended.
        verdict: Verdict,
        /// How long it took.
        took: Duration,
        /// What was found, or what went wrong.
        detail: String,
    },
    /// There are no further steps.
    Finished,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Passed,
    /// There was nothing to look at.
    Skipped,
    /// Not as it should be; no further step follows but the last, which clears up.
    Failed,
}

/// A line that is none of these.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a line of a probe: {line:?}")]
pub struct NotAProbe {
    line: String,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passed => "passed",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
        })
    }
}

impl fmt::Display for ProbeRequest {
    /// One line, without its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pool = self.pool.as_deref().unwrap_or_default();
        let how = if self.dry_run { "dry" } else { "run" };
        write!(f, "{FORM}\t{how}\t{}", escaped(pool))
    }
}

impl FromStr for ProbeRequest {
    type Err = NotAProbe;

    fn from_str(line: &str) -> Result<Self, NotAProbe> {
        let fields: Vec<&str> = line.trim_end().split('\t').collect();
        let (how, pool) = match fields[..] {
            [FORM, how] => (how, ""),
            [FORM, how, pool, ..] => (how, pool),
            _ => return Err(not_a_probe(line)),
        };
        let dry_run = match how {
            "dry" => true,
            "run" => false,
            _ => return Err(not_a_probe(line)),
        };
        Ok(Self {
            pool: Some(unescaped(pool)).filter(|pool| !pool.is_empty()),
            dry_run,
        })
    }
}

impl fmt::Display for ProbeReport {
    /// One line, without its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Began { step } => write!(f, "began\t{}", escaped(step)),
            Self::Ended {
                step,
                verdict,
                took,
                detail,
            } => write!(
                f,
                "{verdict}\t{}\t{}\t{}",
                escaped(step),
                took.as_micros(),
                escaped(detail)
            ),
            Self::Finished => f.write_str("finished"),
        }
    }
}

impl FromStr for ProbeReport {
    type Err = NotAProbe;

    fn from_str(line: &str) -> Result<Self, NotAProbe> {
        let fields: Vec<&str> = line.trim_end_matches('\n').split('\t').collect();
        let ended = |verdict, step: &str, micros: &str, detail: &str| {
            let micros = micros.parse().map_err(|_| not_a_probe(line))?;
            Ok(Self::Ended {
                step: unescaped(step),
                verdict,
                took: Duration::from_micros(micros),
                detail: unescaped(detail),
            })
        };
        match fields[..] {
            ["began", step, ..] => Ok(Self::Began {
                step: unescaped(step),
            }),
            ["passed", step, micros, detail, ..] => ended(Verdict::Passed, step, micros, detail),
            ["skipped", step, micros, detail, ..] => ended(Verdict::Skipped, step, micros, detail),
            ["failed", step, micros, detail, ..] => ended(Verdict::Failed, step, micros, detail),
            ["finished", ..] => Ok(Self::Finished),
            _ => Err(not_a_probe(line)),
        }
    }
}

fn not_a_probe(line: &str) -> NotAProbe {
    NotAProbe {
        line: line.to_owned(),
    }
}

/// Without tabs and ends of lines.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('\t', "\\t")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, letter == '\\') {
            (_, true) => plain.extend(letters.next().map(|escape| match escape {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                other => other,
            })),
            (letter, false) => plain.push(letter),
        }
    }
    plain
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test should stop at once")]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_understood_whatever_is_in_it() {
        for pool in [None, Some("thumbnails".to_owned()), Some("a\tb\\n".into())] {
            for dry_run in [false, true] {
                let request = ProbeRequest {
                    pool: pool.clone(),
                    dry_run,
                };
                assert_eq!(request.to_string().parse(), Ok(request));
            }
        }
        for detail in ["", "two\nlines", "\ta \\ b\\t\r\n", "\\\\n"] {
            let report = ProbeReport::Ended {
                step: "boot".into(),
                verdict: Verdict::Failed,
                took: Duration::from_micros(1234),
                detail: detail.into(),
            };
            assert_eq!(report.to_string().lines().count(), 1);
            assert_eq!(report.to_string().parse(), Ok(report));
        }
        assert_eq!("finished".parse(), Ok(ProbeReport::Finished));
    }

    #[test]
    fn other_lines_are_errors_and_new_fields_are_none() {
        for line in [
            "",
            "hello",
            "passed\tboot",
            "passed\tboot\tsoon\t",
            "flame-probe-2\trun",
        ] {
            assert!(line.parse::<ProbeReport>().is_err(), "{line:?}");
            assert!(line.parse::<ProbeRequest>().is_err(), "{line:?}");
        }
        assert!("passed\tboot\t1\tfine\tnew".parse::<ProbeReport>().is_ok());
        assert!(
            "flame-probe-1\trun\tpool\tnew"
                .parse::<ProbeRequest>()
                .is_ok()
        );
    }
}
