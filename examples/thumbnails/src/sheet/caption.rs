use image::{Pixel, Rgba, RgbaImage};
use noto_sans_mono_bitmap::{
    FontWeight, RasterHeight, RasterizedChar, get_raster, get_raster_width,
};

const INK: [u8; 3] = [0xb8, 0xb8, 0xb8];
const WEIGHT: FontWeight = FontWeight::Regular;
const HEIGHT: RasterHeight = RasterHeight::Size16;

/// The width of every character, in pixels.
const ADVANCE: u32 = get_raster_width(WEIGHT, HEIGHT) as u32;

/// Space between a cell and its caption, in pixels.
const LEADING: u32 = 5;

/// Stands for a character that the font does not have.
const UNKNOWN: char = '?';

/// Stands for the end of a name that is too long.
const CUT: &str = "..";

/// Writes a name, centered, under the square cell whose upper left corner is given.
pub(super) fn write(sheet: &mut RgbaImage, name: &str, cell: u32, (x, y): (u32, u32)) {
    let room = cell / ADVANCE;
    let glyphs: Vec<_> = shortened(name, room as usize)
        .chars()
        .filter_map(glyph)
        .collect();
    let columns = (0..room).take(glyphs.len()).map(|index| index * ADVANCE);
    let left = x + (cell - columns.len() as u32 * ADVANCE) / 2;
    for (glyph, column) in glyphs.iter().zip(columns) {
        draw(sheet, glyph, left + column, y + cell + LEADING);
    }
}

/// Cuts a name to at most `room` characters.
fn shortened(name: &str, room: usize) -> String {
    if name.chars().count() <= room {
        return name.to_owned();
    }
    let kept = name.chars().take(room.saturating_sub(CUT.len()));
    kept.chain(CUT.chars()).take(room).collect()
}

fn glyph(character: char) -> Option<RasterizedChar> {
    get_raster(character, WEIGHT, HEIGHT).or_else(|| get_raster(UNKNOWN, WEIGHT, HEIGHT))
}

fn draw(sheet: &mut RgbaImage, glyph: &RasterizedChar, left: u32, top: u32) {
    let [red, green, blue] = INK;
    for (y, row) in (top..).zip(glyph.rows()) {
        for (x, &coverage) in (left..).zip(row) {
            if let Some(pixel) = sheet.get_pixel_mut_checked(x, y) {
                pixel.blend(&Rgba([red, green, blue, coverage]));
            }
        }
    }
}
