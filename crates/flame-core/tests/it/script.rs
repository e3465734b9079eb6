//! The words that the stories of pools and of terminators are written in.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// What happens in a story, line by line.
pub(crate) fn lines(script: &str) -> impl Iterator<Item = &str> {
    script
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
}

/// Reads `key=value`.
pub(crate) fn pair(word: &str) -> (&str, &str) {
    word.split_once('=')
        .unwrap_or_else(|| panic!("{word:?} is not key=value"))
}

/// Reads a number.
pub(crate) fn number<T: std::str::FromStr>(word: &str) -> T {
    word.parse()
        .unwrap_or_else(|_| panic!("{word:?} is not a number"))
}

/// Reads a span of time: `250ms`, `30s`, `5m`, or `ever`.
pub(crate) fn span(word: &str) -> Duration {
    if word == "ever" {
        return Duration::MAX;
    }
    let digits = word.trim_end_matches(char::is_alphabetic);
    let count = number(digits);
    match &word[digits.len()..] {
        "ms" => Duration::from_millis(count),
        "s" => Duration::from_secs(count),
        "m" => Duration::from_secs(60 * count),
        unit => panic!("{unit:?} is not a unit of time"),
    }
}

/// When a story happens, and what has been written of it.
pub(crate) struct Transcript {
    began_at: Instant,
    pub(crate) now: Instant,
    text: String,
}

impl Transcript {
    pub(crate) fn new() -> Self {
        let began_at = clock();
        Self {
            began_at,
            now: began_at,
            text: String::new(),
        }
    }

    /// Writes down what the script says.
    pub(crate) fn happens(&mut self, line: &str) {
        writeln!(self.text, "{line}").unwrap();
    }

    /// Goes to an instant, and writes down what is due there.
    pub(crate) fn arrive(&mut self, at: Instant, reason: &str) {
        assert!(at > self.now, "{reason} is due in the past");
        self.now = at;
        writeln!(self.text, "at {:?}: {reason}", at - self.began_at).unwrap();
    }

    /// Writes down what is done about it.
    pub(crate) fn act(&mut self, action: &str) {
        writeln!(self.text, "  {action}").unwrap();
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

/// The instant at which everything begins.
#[expect(
    clippy::disallowed_methods,
    reason = "time has to begin at some instant"
)]
pub(crate) fn clock() -> Instant {
    Instant::now()
}
