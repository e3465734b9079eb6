use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::Made;

/// The folder that receives the thumbnails, one folder per size, and the contact sheet.
#[derive(Clone, Debug)]
pub struct OutputFolder {
    path: PathBuf,
}

impl OutputFolder {
    /// Creates the folder and one inside it for each size, unless they are there.
    ///
    /// # Errors
    ///
    /// Fails if a folder cannot be created.
    pub fn create(path: &Path, sizes: &[u32]) -> io::Result<Self> {
        let folder = Self {
            path: path.to_owned(),
        };
        for &size in sizes {
            fs::create_dir_all(folder.size(size))?;
        }
        Ok(folder)
    }

    /// Writes all thumbnails of one picture.
    ///
    /// # Errors
    ///
    /// Fails if a file cannot be written.
    pub fn write(&self, made: &Made) -> io::Result<()> {
        for thumbnail in &made.thumbnails {
            let name = thumbnail.encoding.file_name(&made.name);
            fs::write(self.size(thumbnail.size).join(name), &*thumbnail.bytes)?;
        }
        Ok(())
    }

    /// Writes the contact sheet and says where it is.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be written.
    pub fn write_sheet(&self, png: &[u8]) -> io::Result<PathBuf> {
        let path = self.path.join("contact-sheet.png");
        fs::write(&path, png)?;
        Ok(path)
    }

    fn size(&self, size: u32) -> PathBuf {
        self.path.join(size.to_string())
    }
}
