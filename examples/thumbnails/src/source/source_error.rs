use std::io;

/// Why a file was not taken as a picture.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file cannot be opened or read.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// A pipe, a device or a socket.
    #[error("not a file")]
    NotAFile,
    /// The content starts like no picture that is known.
    #[error("not a picture")]
    NotAPicture,
    /// A picture in a format that this program cannot decode.
    #[error("{format} pictures are not supported")]
    Unsupported {
        /// The usual extension of the format.
        format: &'static str,
    },
    /// More than this program reads into memory.
    #[error("{bytes} bytes are too many")]
    TooLarge {
        /// The size of the file.
        bytes: u64,
    },
}
