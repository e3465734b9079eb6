use image::ImageFormat;
use serde::{Deserialize, Serialize};

/// How a thumbnail is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// Small, and good enough for what was a JPEG before.
    Jpeg,
    /// Without loss and with transparency, for everything else.
    Png,
}

impl Encoding {
    /// The encoding for thumbnails of a picture in this format.
    pub(crate) fn for_source(format: ImageFormat) -> Self {
        if format == ImageFormat::Jpeg {
            Self::Jpeg
        } else {
            Self::Png
        }
    }

    /// Appends the usual extension to `name`, unless it has it already.
    ///
    /// The name is kept whole otherwise, so that `cat.gif` and `cat.webp` do not both become `cat.png`.
    #[must_use]
    pub fn file_name(self, name: &str) -> String {
        let extensions: &[&str] = match self {
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
        };
        let fits = name.rsplit_once('.').is_some_and(|(_, extension)| {
            extensions
                .iter()
                .any(|usual| extension.eq_ignore_ascii_case(usual))
        });
        if fits {
            name.to_owned()
        } else {
            format!("{name}.{}", extensions[0])
        }
    }
}
