use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{SourceError, printable_name};
use crate::Blob;
use crate::video::Frame;

/// The largest file that is read, in bytes.
const LARGEST_FILE: u64 = 128 * 1024 * 1024;

/// How much of a file shows what it is, in bytes.
const HEAD: u64 = 64;

/// Something that looks like a picture. Whether it is a sound one shows only when it is decoded.
#[derive(Debug)]
pub struct Picture {
    name: String,
    content: Content,
}

#[derive(Debug)]
enum Content {
    File(PathBuf),
    Frame(Blob),
}

impl Picture {
    /// Looks at the first bytes of a file.
    ///
    /// # Errors
    ///
    /// Says why if the file cannot be read or is no picture of a kind that can be decoded.
    pub fn at(path: &Path) -> Result<Self, SourceError> {
        let metadata = fs::metadata(path)?;
        // Opening a pipe would wait for somebody to write into it.
        if !metadata.is_file() {
            return Err(SourceError::NotAFile);
        }
        let mut head = Vec::new();
        File::open(path)?.take(HEAD).read_to_end(&mut head)?;
        let format = image::guess_format(&head).map_err(|_| SourceError::NotAPicture)?;
        if !format.reading_enabled() {
            return Err(SourceError::Unsupported {
                format: format.extensions_str()[0],
            });
        }
        if metadata.len() > LARGEST_FILE {
            return Err(SourceError::TooLarge {
                bytes: metadata.len(),
            });
        }
        Ok(Self {
            name: printable_name(path),
            content: Content::File(path.to_owned()),
        })
    }

    /// Its file name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads all of it.
    ///
    /// # Errors
    ///
    /// Fails if the file has gone since it was listed, or cannot be read.
    pub async fn read(self) -> Result<Blob, SourceError> {
        match self.content {
            Content::File(path) => Ok(tokio::fs::read(path).await?.into()),
            Content::Frame(bytes) => Ok(bytes),
        }
    }
}

impl From<Frame> for Picture {
    fn from(frame: Frame) -> Self {
        Self {
            name: frame.name,
            content: Content::Frame(frame.bytes),
        }
    }
}
