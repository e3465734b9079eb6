//! Finds out which files are pictures, by what is in them and not by what they are called.

mod natural_order;
mod picture;
mod source_error;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use natural_order::natural_order;
pub use picture::Picture;
pub use source_error::SourceError;

use crate::video::Frame;

/// What a path turned out to be.
#[derive(Debug)]
pub enum Source {
    /// A folder, or one picture.
    Pictures(Listing),
    /// A file that is no picture, so it should be a video.
    Video(PathBuf),
}

/// The files of a folder.
#[derive(Debug, Default)]
pub struct Listing {
    /// The pictures, in the order in which people count.
    pub pictures: Vec<Picture>,
    /// The files that are no pictures, or cannot be read, each with its own reason.
    pub refused: Vec<(String, SourceError)>,
}

impl Listing {
    /// How many files there are, good and bad.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pictures.len() + self.refused.len()
    }

    /// Whether there is no file at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl From<Vec<Frame>> for Listing {
    fn from(frames: Vec<Frame>) -> Self {
        Self {
            pictures: frames.into_iter().map(Picture::from).collect(),
            refused: Vec::new(),
        }
    }
}

/// Finds out what is at a path.
///
/// # Errors
///
/// Fails if there is nothing, or nothing that can be read.
pub fn open(path: &Path) -> Result<Source, SourceError> {
    if path.is_dir() {
        return Ok(Source::Pictures(list(path)?));
    }
    match Picture::at(path) {
        Ok(picture) => Ok(Source::Pictures(Listing {
            pictures: vec![picture],
            refused: Vec::new(),
        })),
        Err(SourceError::NotAPicture | SourceError::Unsupported { .. }) => {
            Ok(Source::Video(path.to_owned()))
        }
        Err(error) => Err(error),
    }
}

/// Looks at every file of a folder.
///
/// Folders inside it and hidden files are not looked at.
///
/// # Errors
///
/// Fails only if the folder itself cannot be read. What is wrong with one file stands in the listing.
pub fn list(folder: &Path) -> io::Result<Listing> {
    let mut entries = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| (printable_name(&entry.path()), entry.path())))
        .collect::<io::Result<Vec<_>>>()?;
    entries.retain(|(name, path)| !name.starts_with('.') && !path.is_dir());
    entries.sort_by(|(one, _), (other, _)| natural_order(one, other));

    let mut listing = Listing::default();
    for (name, path) in entries {
        match Picture::at(&path) {
            Ok(picture) => listing.pictures.push(picture),
            Err(reason) => listing.refused.push((name, reason)),
        }
    }
    Ok(listing)
}

/// The last part of a path, fit for a terminal: without control characters and what is no Unicode.
fn printable_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .replace(char::is_control, "\u{fffd}")
}
