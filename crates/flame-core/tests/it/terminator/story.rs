use std::time::Duration;

use flame_core::terminator::{TerminatorSettings, TerminatorState};

use super::words;
use crate::script::{Transcript, lines, number, span};

/// A terminator, what happens to its runner, and what it does.
pub(super) struct Story {
    terminator: TerminatorState,
    transcript: Transcript,
}

impl Story {
    pub(super) fn begin(settings: &str) -> Self {
        let transcript = Transcript::new();
        Self {
            terminator: TerminatorState::new(self::settings(settings), transcript.now),
            transcript,
        }
    }

    pub(super) fn tell(mut self, script: &str) -> String {
        for line in lines(script) {
            self.transcript.happens(line);
            match line.split_whitespace().collect::<Vec<_>>().as_slice() {
                ["wait", time] => self.wait(span(time)),
                words => {
                    let event = words::event(words);
                    self.terminator.handle_event(event, self.transcript.now);
                    self.write_actions();
                }
            }
        }
        self.transcript.into_text()
    }

    fn wait(&mut self, time: Duration) {
        let until = self.transcript.now + time;
        while let Some((at, reason)) = self.terminator.poll_timeout()
            && at <= until
        {
            self.transcript.arrive(at, words::reason(reason));
            self.terminator.handle_timeout(at);
            self.write_actions();
        }
        self.transcript.now = until;
    }

    fn write_actions(&mut self) {
        while let Some(action) = self.terminator.poll_action() {
            self.transcript.act(&words::action(action));
        }
        if let Some((at, reason)) = self.terminator.poll_timeout() {
            assert!(at > self.transcript.now, "{reason:?} is overdue");
        }
    }
}

/// Reads a terminator's settings.
fn settings(settings: &str) -> TerminatorSettings {
    let mut read = TerminatorSettings {
        max_concurrency: 2,
        attach_timeout: Duration::from_secs(20),
        shutdown_timeout: Duration::from_secs(30),
        cancel_grace: Duration::from_secs(5),
        has_idle_check: false,
    };
    for word in settings.split_whitespace() {
        match word.split_once('=').unwrap_or((word, "")) {
            ("idle-check", "") => read.has_idle_check = true,
            ("concurrency", value) => read.max_concurrency = number(value),
            ("attach", value) => read.attach_timeout = span(value),
            ("shutdown", value) => read.shutdown_timeout = span(value),
            ("grace", value) => read.cancel_grace = span(value),
            (key, _) => panic!("{key:?} is not a setting"),
        }
    }
    read
}
