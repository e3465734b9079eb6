use std::fmt;

/// A promise that was not kept, and all that is known of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lie {
    /// The call. `None` for a line of which this cannot be said.
    pub id: Option<u64>,
    /// What was not so.
    pub falsehood: Falsehood,
    /// The lines of the journal on the call and on the processes that it ran in, with their numbers.
    pub story: Vec<(usize, String)>,
}

/// A way in which a call can be lied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Falsehood {
    /// The journal has a line that nobody writes.
    Unreadable,
    /// The call was submitted twice, so whoever made the calls has a mistake.
    CalledTwice,
    /// A task ran, or somebody had an outcome, of a call that nobody had made.
    NeverCalled,
    /// The task began more often than it may.
    RanTooOften,
    /// A task came to an end that had not begun, or came to its end twice.
    EndedUnstarted,
    /// The caller was told nothing.
    NoOutcome,
    /// The caller was told twice.
    TwoOutcomes,
    /// The caller got a result before the task had come to its end, or that of no task.
    ResultOfNothing,
    /// The caller was told that the task did not start, or had left the queue, and the task began.
    StartedAllTheSame,
    /// The caller was told that the task was done, and it had not come to its end.
    NotDone,
    /// The caller was told that the task had panicked, and it had not begun.
    PanickedUnstarted,
    /// The caller was told that its runner was lost, which nothing had happened to.
    LostWithoutCause,
}

impl fmt::Display for Falsehood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreadable => "the journal has a line that nobody writes",
            Self::CalledTwice => "it was called twice: the test is wrong",
            Self::NeverCalled => "nobody had called it",
            Self::RanTooOften => "it ran more often than it may",
            Self::EndedUnstarted => "it ended without having begun",
            Self::NoOutcome => "its caller was told nothing",
            Self::TwoOutcomes => "its caller was told twice",
            Self::ResultOfNothing => "its caller got a result before it had ended",
            Self::StartedAllTheSame => "its caller was told that it does not start, and it did",
            Self::NotDone => "its caller was told that it was done, and it was not",
            Self::PanickedUnstarted => "its caller was told that it panicked, and it had not begun",
            Self::LostWithoutCause => {
                "its caller was told that its runner, which was well, is lost"
            }
        })
    }
}

impl fmt::Display for Lie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.id {
            Some(id) => write!(f, "call {id}: {}", self.falsehood)?,
            None => write!(f, "{}", self.falsehood)?,
        }
        for (number, line) in &self.story {
            write!(f, "\n  line {number}: {line}")?;
        }
        Ok(())
    }
}
