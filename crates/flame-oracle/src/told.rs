use std::fmt;

/// What a caller was told of its call, as far as it makes a promise about the task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// Here is the result: the task has run to its end.
    Ok,
    /// No line of the task has run, and none will.
    NotStarted,
    /// The task has panicked: it has begun.
    Panicked,
    /// The task has run to its end; only its result is missing.
    Done,
    /// The task may have run or not.
    Unknown,
    /// The same, for the runner is gone. The process is named where the error names it.
    Lost {
        /// The runner's process.
        pid: Option<u32>,
    },
    /// Nothing: the caller left while the call was waiting for a slot, so no line of the task will run.
    LeftTheQueue,
    /// Nothing: the caller left.
    Left,
}

impl Told {
    /// One word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::NotStarted => "not-started",
            Self::Panicked => "panicked",
            Self::Done => "done",
            Self::Unknown => "unknown",
            Self::Lost { .. } => "lost",
            Self::LeftTheQueue => "left-the-queue",
            Self::Left => "left",
        }
    }

    /// Reads what `Display` writes: a word, and for a lost runner its process after a colon.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let plain = [
            Self::Ok,
            Self::NotStarted,
            Self::Panicked,
            Self::Done,
            Self::Unknown,
            Self::Lost { pid: None },
            Self::LeftTheQueue,
            Self::Left,
        ];
        if let Some(told) = plain.into_iter().find(|told| told.word() == text) {
            return Some(told);
        }
        let pid = text.strip_prefix("lost:")?.parse().ok()?;
        Some(Self::Lost { pid: Some(pid) })
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())?;
        match self {
            Self::Lost { pid: Some(pid) } => write!(f, ":{pid}"),
            Self::Lost { pid: None }
            | Self::Ok
            | Self::NotStarted
            | Self::Panicked
            | Self::Done
            | Self::Unknown
            | Self::LeftTheQueue
            | Self::Left => Ok(()),
        }
    }
}
