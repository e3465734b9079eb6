//! Decodes one picture and makes small ones of it.
//!
//! Pictures come from anywhere, so nothing in them is believed: the header is checked against limits
//! before anything is decoded, and whatever is wrong ends as a [`PictureError`].

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use serde::{Deserialize, Serialize};

use crate::{Blob, Encoding, PictureError};

/// The longest side that a thumbnail may have, in pixels.
pub const LARGEST_SIZE: u32 = 4096;

/// The longest side that a picture may have, in pixels.
pub const LONGEST_SIDE: u32 = 20_000;

/// How many bytes a decoded picture may take. A runner decodes several at a time.
pub const DECODED_BYTES: u64 = 256 * 1024 * 1024;

const JPEG_QUALITY: u8 = 85;

/// One small picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thumbnail {
    /// The size asked for: neither side is longer.
    pub size: u32,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// How `bytes` are encoded.
    pub encoding: Encoding,
    /// The encoded picture.
    pub bytes: Blob,
}

/// A picture, decoded and turned the right way up.
#[derive(Debug)]
pub struct Decoded {
    /// Its pixels, eight bits per channel.
    pub image: DynamicImage,
    /// The encoding that suits its thumbnails.
    pub encoding: Encoding,
}

/// Decodes a picture, within the limits of this module.
///
/// Of an animation it takes the first frame. If the camera noted how it was held, the picture is turned
/// accordingly.
///
/// # Errors
///
/// Says why if the bytes are no picture, a damaged one, or one that is too large.
pub fn decode(picture: &[u8]) -> Result<Decoded, PictureError> {
    let mut reader = ImageReader::new(Cursor::new(picture))
        .with_guessed_format()
        .map_err(|error| PictureError::decoding(&error.into()))?;
    let format = reader.format().ok_or(PictureError::NotAPicture)?;
    reader.limits(decoder_limits());
    let mut decoder = reader
        .into_decoder()
        .map_err(|error| PictureError::decoding(&error))?;

    let (width, height) = decoder.dimensions();
    let too_long = width > LONGEST_SIDE || height > LONGEST_SIDE;
    if too_long || decoder.total_bytes() > DECODED_BYTES {
        return Err(PictureError::TooLarge { width, height });
    }

    // A picture with broken notes of the camera is still a picture.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder)
        .map(eight_bits)
        .map_err(|error| PictureError::decoding(&error))?;
    image.apply_orientation(orientation);
    Ok(Decoded {
        image,
        encoding: Encoding::for_source(format),
    })
}

/// Makes one thumbnail. Pictures that are small already are not blown up.
///
/// # Errors
///
/// Refuses a size of zero or beyond [`LARGEST_SIZE`], and passes on what the encoder says.
pub fn shrink(decoded: &Decoded, size: u32) -> Result<Thumbnail, PictureError> {
    if size == 0 || size > LARGEST_SIZE {
        return Err(PictureError::BadSize { size });
    }
    let (image, encoding) = (&decoded.image, decoded.encoding);
    let small;
    let image = if image.width() > size || image.height() > size {
        small = image.resize(size, size, FilterType::Lanczos3);
        &small
    } else {
        image
    };
    Ok(Thumbnail {
        size,
        width: image.width(),
        height: image.height(),
        encoding,
        bytes: encode(image, encoding)?.into(),
    })
}

fn decoder_limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODED_BYTES);
    limits
}

/// Brings a picture into one of the four forms that both encoders take and that shrink fast.
fn eight_bits(image: DynamicImage) -> DynamicImage {
    let color = image.color();
    match (color.has_color(), color.has_alpha()) {
        (true, true) => image.into_rgba8().into(),
        (true, false) => image.into_rgb8().into(),
        (false, true) => image.into_luma_alpha8().into(),
        (false, false) => image.into_luma8().into(),
    }
}

fn encode(image: &DynamicImage, encoding: Encoding) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::new();
    let encoded = match encoding {
        Encoding::Jpeg => {
            image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY))
        }
        Encoding::Png => image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png),
    };
    encoded.map_err(|error| PictureError::encoding(&error))?;
    Ok(bytes)
}
