use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::{Made, Roster};

/// How often the clock of the bar moves while nothing else does.
const TICK: Duration = Duration::from_millis(100);

const BAR: &str = "{bar:32.cyan/blue} {pos}/{len} pictures, {elapsed}";

/// Shows on the standard error how far the work is and which runners are there.
///
/// On a terminal these are a bar and a line that change in place. Elsewhere every change is a line of text, so
/// that a log reads well.
#[derive(Debug)]
pub struct Progress {
    view: View,
    state: Mutex<State>,
}

#[derive(Debug)]
enum View {
    Bars {
        all: MultiProgress,
        pictures: ProgressBar,
        runners: ProgressBar,
    },
    Lines,
}

#[derive(Debug, Default)]
struct State {
    done: usize,
    total: usize,
    roster: Roster,
}

impl Progress {
    /// Starts with nothing done of `total` pictures.
    #[must_use]
    pub fn start(total: usize) -> Self {
        let view = if io::stderr().is_terminal() {
            View::bars(total)
        } else {
            View::Lines
        };
        Self {
            view,
            state: Mutex::new(State {
                total,
                ..State::default()
            }),
        }
    }

    /// A picture has its thumbnails.
    pub fn made(&self, made: &Made) {
        let sizes = made.thumbnails.len();
        let (name, process, took) = (&made.name, made.process, made.took.as_millis());
        self.picture(&format!(
            "{name}: {sizes} thumbnails by pid {process} in {took} ms"
        ));
    }

    /// A picture gets none.
    pub fn failed(&self, name: &str, reason: &dyn Display) {
        let message = format!("{name}: {reason}");
        if let View::Bars { all, .. } = &self.view {
            // Work goes on when nobody can see how far it is.
            let _ = all.println(&message);
        }
        self.picture(&message);
    }

    /// A runner was asked for.
    pub fn runner_booting(&self, runner: &str) {
        self.runner(format_args!("{runner} boots"), |roster| {
            roster.booting(runner);
        });
    }

    /// A runner called back from there: `pid 123`, or another place.
    pub fn runner_up(&self, runner: &str, place: &str) {
        self.runner(format_args!("{runner} is up as {place}"), |roster| {
            roster.up(runner, place);
        });
    }

    /// A runner is gone.
    pub fn runner_down(&self, runner: &str) {
        self.runner(format_args!("{runner} is gone"), |roster| {
            roster.down(runner);
        });
    }

    /// Leaves the terminal clean for the report.
    pub fn finish(&self) {
        match &self.view {
            View::Bars {
                pictures, runners, ..
            } => {
                pictures.finish_and_clear();
                runners.finish_and_clear();
            }
            View::Lines => {}
        }
    }

    fn picture(&self, message: &str) {
        let mut state = self.state();
        state.done += 1;
        match &self.view {
            View::Bars { pictures, .. } => pictures.inc(1),
            View::Lines => line(format_args!("[{}/{}] {message}", state.done, state.total)),
        }
    }

    fn runner(&self, message: impl Display, change: impl FnOnce(&mut Roster)) {
        let mut state = self.state();
        change(&mut state.roster);
        match &self.view {
            View::Bars { runners, .. } => runners.set_message(state.roster.to_string()),
            View::Lines => line(message),
        }
    }

    /// The state is whole after every change, so a panic elsewhere does not spoil it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl View {
    fn bars(total: usize) -> Self {
        let all = MultiProgress::new();
        let style = ProgressStyle::with_template(BAR)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("━╸─");
        let pictures = all.add(ProgressBar::new(total as u64).with_style(style));
        pictures.enable_steady_tick(TICK);
        let line = ProgressStyle::with_template("{msg}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let runners = all.add(ProgressBar::new_spinner().with_style(line));
        runners.set_message(Roster::default().to_string());
        Self::Bars {
            all,
            pictures,
            runners,
        }
    }
}

fn line(message: impl Display) {
    // Work goes on when nobody can see how far it is.
    let _ = writeln!(io::stderr().lock(), "{message}");
}
