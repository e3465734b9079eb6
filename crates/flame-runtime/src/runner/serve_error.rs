use flame_core::runner::exit;
use flame_proto::frame::Reject;
use flame_proto::parent_text::ParentTextError;
use thiserror::Error;

/// Why a runner could not serve, or stopped before its parent wanted it to.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum ServeError {
    /// What this process was told about its parent makes no sense.
    #[error("what this process was told about its parent makes no sense: {0}")]
    BadParent(#[from] ParentTextError),
    /// What this process was told about its parent could not be read.
    #[error("what this process was told about its parent could not be read: {0}")]
    Unread(String),
    /// No key for the encrypted link could be made.
    #[error("no key for the link to the parent could be made: {0}")]
    NoKey(String),
    /// Whoever answers at the parent's address is somebody else.
    #[error("whoever answers at {address} is not the parent that started this runner")]
    Stranger {
        /// The address that was dialed.
        address: String,
    },
    /// The parent could not be reached in time.
    #[error("the parent could not be reached in time")]
    AttachTimeout,
    /// The parent does not want this runner.
    #[error("the parent refused this runner: {reason}")]
    Refused {
        /// Why.
        reason: String,
    },
    /// The parent is gone.
    #[error("the parent is gone")]
    ParentLost,
    /// The pool gives its runners no secret of this name.
    #[error("the pool gives its runners no secret {name:?}: see RunnerEnv::secret")]
    NoSecret {
        /// The name.
        name: String,
    },
    /// `serve()` was called twice.
    #[error("this process serves already: call runner.serve() once")]
    AlreadyServing,
    /// Two functions under `#[flame::remote]` have the same path.
    #[error("{0}")]
    Conflict(String),
}

impl ServeError {
    /// An exit code by which this end can be told from others: 64 for bad input, 65 for a lost parent, 66 for one
    /// that was not reached in time, 77 for one that refused this runner or is
    /// somebody else.
    pub fn exit_code(&self) -> i32 {
        match self {
            Self::BadParent(_)
            | Self::Unread(_)
            | Self::NoKey(_)
            | Self::NoSecret { .. }
            | Self::AlreadyServing
            | Self::Conflict(_) => exit::BAD_INPUT,
            Self::AttachTimeout => exit::ATTACH_TIMEOUT,
            Self::Refused { .. } | Self::Stranger { .. } => exit::REFUSED,
            Self::ParentLost => exit::PARENT_LOST,
        }
    }

    pub(super) fn refused(reject: &Reject) -> Self {
        let reason = match reject {
            Reject::Unauthenticated => {
                "its boot is unknown, has expired, or was answered already".to_owned()
            }
            Reject::Version { parent: (min, max) } => {
                format!(
                    "it speaks another version of the protocol than the parent's {min} to {max}"
                )
            }
            Reject::Build { parent, runner } => {
                format!("it is a copy of build {runner}, and the parent is build {parent}")
            }
            Reject::Unwanted => "its pool does not want it any more".to_owned(),
        };
        Self::Refused { reason }
    }
}
