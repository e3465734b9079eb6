use flame::{CallError, Outcome};

use crate::{State, WorkError};

/// Why a picture has no thumbnail.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// The work came to its end, and this is what it says.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// The work did not come to its end.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl Failure {
    /// How the picture has ended.
    #[must_use]
    pub fn state(&self) -> State {
        match self {
            Self::Work(WorkError::Picture(_)) => State::Refused,
            Self::Work(WorkError::Unwanted) => State::Cancelled,
            Self::Work(WorkError::NotStored { .. }) | Self::Call(_) => State::Lost,
        }
    }

    /// What a client is told. The inside of the service is for its log.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Work(WorkError::Picture(error)) => error.to_string(),
            Self::Work(WorkError::Unwanted) => "nobody waited for it".to_owned(),
            Self::Work(WorkError::NotStored { .. }) => "the thumbnail was not stored".to_owned(),
            Self::Call(error) => told(error).to_owned(),
        }
    }
}

fn told(error: &CallError) -> &'static str {
    if let CallError::PoolShutdown = error {
        return "the server is going down: send it again";
    }
    match error.outcome() {
        Outcome::NotStarted if error.is_retryable() => "there is no room for it now: send it again",
        Outcome::NotStarted => "it cannot be worked on",
        Outcome::Unknown => "the work on it was lost: send it again",
        Outcome::Done => "the work on it has failed",
    }
}
