use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::{PictureError, Thumbnail, thumbnail};

/// What became of one picture, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The file name of the picture.
    pub name: String,
    /// Its width in pixels, the right way up.
    pub width: u32,
    /// Its height in pixels, the right way up.
    pub height: u32,
    /// One thumbnail per size, in the order asked for.
    pub thumbnails: Vec<Thumbnail>,
    /// The process that did the work.
    pub process: u32,
    /// How long the work took there, without the journey.
    pub took: Duration,
}

impl Made {
    /// Makes a thumbnail of each size, here and now, on this thread.
    ///
    /// # Errors
    ///
    /// Says why if the picture cannot be decoded or a size is impossible.
    pub fn from_picture(name: String, picture: &[u8], sizes: &[u32]) -> Result<Self, PictureError> {
        let started_at = Instant::now();
        let decoded = thumbnail::decode(picture)?;
        let thumbnails = sizes
            .iter()
            .map(|&size| thumbnail::shrink(&decoded, size))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            name,
            width: decoded.image.width(),
            height: decoded.image.height(),
            thumbnails,
            process: std::process::id(),
            took: started_at.elapsed(),
        })
    }
}
