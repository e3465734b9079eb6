use std::any::Any;
use std::fmt;

use crate::panics::hook;

/// A panic inside of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanicReport {
    /// The panic's message.
    pub message: String,
    /// `file:line:column`, if it is known.
    pub location: Option<String>,
    /// The backtrace, if it is known.
    pub backtrace: Option<String>,
}

impl PanicReport {
    /// The report of the panic with this payload, which ended on this thread.
    pub(super) fn of(payload: Box<dyn Any + Send>) -> Self {
        let message = text(&*payload);
        // The note may be about an earlier panic that the task caught itself, while this one was
        // resumed and therefore passed by the hook.
        let seen = hook::take_seen().filter(|seen| seen.message == message);
        super::drop_quietly(payload);
        let (location, backtrace) = match seen {
            Some(seen) => (seen.location, Some(seen.backtrace)),
            None => (None, None),
        };
        Self {
            message: message.unwrap_or_else(|| "a value that is not a string".to_owned()),
            location,
            backtrace,
        }
    }
}

/// What `panic!` was given, if it is text.
fn text(payload: &(dyn Any + Send)) -> Option<String> {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .map(str::to_owned)
}

impl fmt::Display for PanicReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(location) = &self.location {
            write!(f, " (at {location})")?;
        }
        Ok(())
    }
}
