use flame_core::backend::{BootError, DestroyError};

use super::FlyError;

impl From<FlyError> for BootError {
    fn from(error: FlyError) -> Self {
        match &error {
            FlyError::NoCapacity { .. } => Self::NoCapacity {
                source: Some(Box::new(error)),
            },
            FlyError::RateLimited { retry_after, .. } => Self::RateLimited {
                retry_after: *retry_after,
                source: Some(Box::new(error)),
            },
            FlyError::TooManyAtOnce { wait } => Self::RateLimited {
                retry_after: Some(*wait),
                source: Some(Box::new(error)),
            },
            // The next boot has another name.
            FlyError::NameTaken { .. }
            | FlyError::NameHeld { .. }
            | FlyError::Unreachable { .. }
            | FlyError::Lost { .. }
            | FlyError::TimedOut { .. }
            | FlyError::Malformed { .. }
            | FlyError::Busy { .. }
            | FlyError::Server { .. }
            | FlyError::OutcomeUnknown { .. }
            | FlyError::StillThere { .. }
            | FlyError::GivenUp => Self::Unavailable {
                source: Box::new(error),
            },
            FlyError::TooLong { .. }
            | FlyError::Credentials { .. }
            | FlyError::Rejected { .. }
            // Nothing is there to create machines in.
            | FlyError::NotFound { .. }
            | FlyError::Redirected { .. }
            | FlyError::Variable(_)
            | FlyError::Label { .. } => Self::Rejected {
                source: Box::new(error),
            },
        }
    }
}

impl From<FlyError> for DestroyError {
    fn from(error: FlyError) -> Self {
        Self::new(error)
    }
}
