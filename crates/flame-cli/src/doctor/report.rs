use std::time::Duration;

use flame_proto::probe::Verdict;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::say;

/// How often a spinner turns.
const TURN: Duration = Duration::from_millis(100);
/// The width of the column with the names of steps.
const NAME_WIDTH: usize = 18;

/// Tells people or programs of the steps. A step that runs has a spinner, on a terminal.
pub(super) struct Report {
    json: bool,
    running: ProgressBar,
}

/// A step, for programs.
#[derive(Serialize)]
struct Step<'a> {
    step: &'a str,
    verdict: String,
    micros: u64,
    detail: &'a str,
}

impl Report {
    pub(super) fn new(json: bool) -> Self {
        let running = if json {
            ProgressBar::hidden()
        } else {
            ProgressBar::new_spinner()
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner}       {msg}  {elapsed}") {
            running.set_style(style);
        }
        running.enable_steady_tick(TURN);
        Self { json, running }
    }

    pub(super) fn began(&self, step: &str) {
        self.running.set_message(step.to_owned());
        self.running.reset_elapsed();
    }

    pub(super) fn ended(&self, step: &str, verdict: Verdict, took: Duration, detail: &str) {
        if self.json {
            let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
            return say::json(&Step {
                step,
                verdict: verdict.to_string(),
                micros,
                detail,
            });
        }
        let text = text(step, verdict, took, detail);
        self.running.suspend(|| say::line(&text));
    }

    pub(super) fn end(&self) {
        self.running.finish_and_clear();
    }
}

fn text(step: &str, verdict: Verdict, took: Duration, detail: &str) -> String {
    let word = match verdict {
        Verdict::Passed => "ok",
        Verdict::Skipped => "-",
        Verdict::Failed => "FAILED",
    };
    let head = format!("{word:<7} {step:<NAME_WIDTH$} {:>9}", time(took));
    // Further lines stand under the name of the step.
    let detail = detail.replace('\n', "\n        ");
    if detail.contains('\n') {
        format!("{head}\n        {detail}")
    } else {
        format!("{head}  {detail}")
    }
}

fn time(took: Duration) -> String {
    if took < Duration::from_secs(1) {
        format!("{:.1} ms", took.as_secs_f64() * 1000.0)
    } else {
        format!("{:.1} s", took.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_a_line_and_longer_details_stand_below_it() {
        let took = Duration::from_micros(1_250);
        assert_eq!(
            text("boot", Verdict::Passed, took, "fine"),
            "ok      boot                  1.2 ms  fine"
        );
        assert_eq!(
            text("boot", Verdict::Failed, 31 * Duration::from_secs(1), "a\nb"),
            "FAILED  boot                  31.0 s\n        a\n        b"
        );
    }
}
