use serde::{Deserialize, Serialize};
use thumbnails::PictureError;

/// Why the work on a picture stored no thumbnail. It travels home from the runner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum WorkError {
    /// The picture is no good.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// The database did not take it.
    #[error("not stored: {reason}")]
    NotStored {
        /// What the database said.
        reason: String,
    },
    /// The picture does not wait any more.
    #[error("nobody waits for it")]
    Unwanted,
}
