use std::fmt;

/// The runners that are there at the moment, in the order in which they were asked for.
///
/// It prints as one line: `runner-1 pid 123 ●  runner-2 booting ○`.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    runners: Vec<(String, State)>,
}

#[derive(Clone, Debug)]
enum State {
    Booting,
    /// Where it is.
    Up(String),
}

impl Roster {
    /// A runner was asked for.
    pub fn booting(&mut self, runner: &str) {
        self.set(runner, State::Booting);
    }

    /// A runner called back from there: `pid 123`, or another place.
    pub fn up(&mut self, runner: &str, place: &str) {
        self.set(runner, State::Up(place.to_owned()));
    }

    /// A runner is gone, or never came.
    pub fn down(&mut self, runner: &str) {
        self.runners.retain(|(name, _)| name != runner);
    }

    fn set(&mut self, runner: &str, state: State) {
        match self.runners.iter_mut().find(|(name, _)| name == runner) {
            Some((_, known)) => *known = state,
            None => self.runners.push((runner.to_owned(), state)),
        }
    }
}

impl fmt::Display for Roster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.runners.is_empty() {
            return f.write_str("no runners");
        }
        for (index, (name, state)) in self.runners.iter().enumerate() {
            if index > 0 {
                f.write_str("  ")?;
            }
            match state {
                State::Booting => write!(f, "{name} booting ○")?,
                State::Up(place) => write!(f, "{name} {place} ●")?,
            }
        }
        Ok(())
    }
}
