//! Draws one picture of all thumbnails: a contact sheet.

mod caption;
mod layout;

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage, imageops};

pub use layout::Layout;

use crate::{Blob, PictureError, thumbnail};

/// Dark and without a tint, so that it flatters any picture.
const BACKGROUND: Rgba<u8> = Rgba([0x1b, 0x1b, 0x1b, 0xff]);

/// What a thumbnail that does not fill its cell lies on.
const CELL: Rgba<u8> = Rgba([0x26, 0x26, 0x26, 0xff]);

/// Draws names and encoded thumbnails into the cells of a layout and encodes the sheet as PNG.
///
/// # Errors
///
/// Says why if a thumbnail cannot be decoded or the sheet cannot be encoded.
pub fn draw(layout: &Layout, entries: &[(String, Blob)]) -> Result<Vec<u8>, PictureError> {
    let (width, height) = layout.dimensions();
    let mut sheet = RgbaImage::from_pixel(width, height, BACKGROUND);
    for ((name, thumbnail), corner) in entries.iter().zip(layout.cells()) {
        let picture = thumbnail::decode(thumbnail)?.image;
        draw_picture(&mut sheet, picture, layout.cell(), corner);
        caption::write(&mut sheet, name, layout.cell(), corner);
    }
    let mut bytes = Vec::new();
    DynamicImage::from(sheet)
        .into_rgb8()
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .map_err(|error| PictureError::encoding(&error))?;
    Ok(bytes)
}

/// Draws a picture into the middle of the square cell whose upper left corner is given.
fn draw_picture(sheet: &mut RgbaImage, picture: DynamicImage, cell: u32, (x, y): (u32, u32)) {
    for (row, column) in (0..cell).flat_map(|row| (0..cell).map(move |column| (row, column))) {
        sheet.put_pixel(x + column, y + row, CELL);
    }
    // Thumbnails come in the size of a cell; anything larger is made to fit.
    let picture = if picture.width() > cell || picture.height() > cell {
        picture.thumbnail(cell, cell)
    } else {
        picture
    };
    let left = x + (cell - picture.width()) / 2;
    let top = y + (cell - picture.height()) / 2;
    imageops::overlay(sheet, &picture.into_rgba8(), left.into(), top.into());
}
