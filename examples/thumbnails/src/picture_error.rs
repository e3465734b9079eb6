use std::fmt::Display;

use image::ImageError;
use serde::{Deserialize, Serialize};

/// Why a picture did not become thumbnails.
///
/// It is serializable, because it travels home from the runner like any other result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PictureError {
    /// The bytes start like no picture that is known.
    #[error("not a picture")]
    NotAPicture,
    /// A picture, but in a format or variant that this program cannot decode.
    #[error("unsupported picture: {reason}")]
    Unsupported {
        /// What the decoder does not know.
        reason: String,
    },
    /// The header announces more than this program takes on. Nothing was decoded.
    #[error("{width} × {height} pixels are too many")]
    TooLarge {
        /// The announced width in pixels.
        width: u32,
        /// The announced height in pixels.
        height: u32,
    },
    /// The decoder asked for more memory than it may have.
    #[error("decoding needs too much memory")]
    TooMuchMemory,
    /// The bytes stop too early or contradict themselves.
    #[error("damaged picture: {reason}")]
    Damaged {
        /// What the decoder stumbled over.
        reason: String,
    },
    /// Nobody can make a thumbnail of that size.
    #[error(
        "{size} is no thumbnail size: choose 1 to {}",
        crate::thumbnail::LARGEST_SIZE
    )]
    BadSize {
        /// The size asked for.
        size: u32,
    },
    /// The finished thumbnail could not be encoded.
    #[error("thumbnail not encoded: {reason}")]
    NotEncoded {
        /// What the encoder said.
        reason: String,
    },
}

impl PictureError {
    /// The error of a decoder, in our words.
    pub(crate) fn decoding(error: &ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::TooMuchMemory,
            ImageError::Unsupported(unsupported) => Self::Unsupported {
                reason: one_line(unsupported),
            },
            ImageError::Decoding(_)
            | ImageError::Encoding(_)
            | ImageError::Parameter(_)
            | ImageError::IoError(_) => Self::Damaged {
                reason: one_line(error),
            },
        }
    }

    /// The error of an encoder, in our words.
    pub(crate) fn encoding(error: &ImageError) -> Self {
        Self::NotEncoded {
            reason: one_line(error),
        }
    }
}

/// Some decoders end what they say with an empty line.
fn one_line(message: &impl Display) -> String {
    let message = message.to_string();
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
