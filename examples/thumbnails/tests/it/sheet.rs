use thumbnails::sheet::{Layout, draw};
use thumbnails::thumbnail::{decode, shrink};
use thumbnails::{Blob, PictureError};

use crate::{SOUND, picture};

fn entries(size: u32) -> Vec<(String, Blob)> {
    SOUND
        .iter()
        .map(|&name| {
            let thumbnail = shrink(&decode(&picture(name)).unwrap(), size).unwrap();
            (name.to_owned(), thumbnail.bytes)
        })
        .collect()
}

fn draw_shipped(size: u32) -> (Layout, image::RgbImage) {
    let layout = Layout::choose(SOUND.len(), &[size]).unwrap();
    let png = draw(&layout, &entries(size)).unwrap();
    let format = image::ImageFormat::Png;
    (
        layout,
        image::load_from_memory_with_format(&png, format)
            .unwrap()
            .into_rgb8(),
    )
}

/// How many different colors there are in an area.
fn colors(sheet: &image::RgbImage, (x, y): (u32, u32), (width, height): (u32, u32)) -> usize {
    let area = image::imageops::crop_imm(sheet, x, y, width, height).to_image();
    let mut colors: Vec<_> = area.pixels().map(|pixel| pixel.0).collect();
    colors.sort_unstable();
    colors.dedup();
    colors.len()
}

#[test]
fn nine_pictures_lie_three_by_three() {
    let (layout, sheet) = draw_shipped(128);
    assert_eq!(layout.dimensions(), sheet.dimensions());
    assert_eq!(
        sheet.dimensions(),
        (
            24 + 3 * 128 + 2 * 16 + 24,
            24 + 3 * (128 + 24) + 2 * 16 + 24
        )
    );
}

#[test]
fn every_cell_shows_a_picture_and_has_a_caption() {
    let (layout, sheet) = draw_shipped(128);
    assert_eq!(layout.cells().count(), SOUND.len());
    for ((x, y), name) in layout.cells().zip(SOUND) {
        assert!(
            colors(&sheet, (x, y), (128, 128)) > 50,
            "{name} is not in its cell"
        );
        let caption = colors(&sheet, (x, y + 128), (128, 24));
        assert!(caption > 4, "{name} is not written under its cell");
    }
}

#[test]
fn a_picture_lies_in_the_middle_of_its_cell() {
    let (layout, sheet) = draw_shipped(128);
    let corner = layout.cells().nth(3).unwrap();
    let (x, y) = corner;
    // 128 × 85 pixels: the cat is 21 or 22 pixels from the upper and the lower edge.
    assert_eq!(SOUND[3], "chelsea.png");
    assert_eq!(colors(&sheet, corner, (128, 21)), 1);
    assert_eq!(colors(&sheet, (x, y + 128 - 21), (128, 21)), 1);
    assert!(colors(&sheet, (x, y + 22), (128, 1)) > 10);
    assert!(colors(&sheet, (x, y + 128 - 23), (128, 1)) > 10);
}

#[test]
fn nothing_is_drawn_between_the_cells() {
    let (layout, mut sheet) = draw_shipped(64);
    for (x, y) in layout.cells() {
        let background = *sheet.get_pixel(0, 0);
        for (column, row) in (0..64).flat_map(|x| (0..64 + 24).map(move |y| (x, y))) {
            sheet.put_pixel(x + column, y + row, background);
        }
    }
    assert_eq!(colors(&sheet, (0, 0), sheet.dimensions()), 1);
}

#[test]
fn any_name_fits_under_any_cell() {
    let bytes = shrink(&decode(&picture("cell.png")).unwrap(), 1)
        .unwrap()
        .bytes;
    for cell in [1, 8, 30, 64] {
        for name in [
            "",
            "x",
            "a naïve and rather long name without an end.png",
            "写真",
            "\n",
        ] {
            let layout = Layout::choose(1, &[cell]).unwrap();
            let sheet = draw(&layout, &[(name.to_owned(), bytes.clone())]).unwrap();
            let sheet = image::load_from_memory(&sheet).unwrap().into_rgb8();
            let margin = sheet.height();
            assert_eq!(
                colors(&sheet, (0, 0), (24, margin)),
                1,
                "{name:?} in {cell}"
            );
            let right = sheet.width() - 24;
            assert_eq!(
                colors(&sheet, (right, 0), (24, margin)),
                1,
                "{name:?} in {cell}"
            );
        }
    }
}

#[test]
fn the_largest_size_that_fits_is_shown() {
    let sizes = [64, 128, 256];
    let cell = |count| Layout::choose(count, &sizes).unwrap().cell();
    assert_eq!(cell(9), 256);
    assert_eq!(cell(400), 256);
    assert_eq!(cell(500), 128);
    assert_eq!(cell(2_000), 64);
    assert_eq!(Layout::choose(0, &sizes), None);
    assert_eq!(Layout::choose(9, &[]), None);
}

#[test]
fn a_sheet_never_grows_beyond_what_viewers_show() {
    for count in [1, 2, 3, 5, 399, 2_000, 4_000, 10_000, usize::MAX] {
        for size in [1, 64, 1_000, 4_096] {
            let layout = Layout::choose(count, &[size]).unwrap();
            let (width, height) = layout.dimensions();
            assert!(
                width <= 6_000 && height <= 6_000,
                "{count} at {size}: {width} × {height}"
            );
            let last = layout.cells().last().unwrap();
            assert!(last.0 + size < width && last.1 + size < height);
            assert!(layout.shown() >= 1 && layout.shown() <= count);
        }
    }
}

#[test]
fn a_thumbnail_that_is_none_is_refused() {
    let layout = Layout::choose(1, &[64]).unwrap();
    let entry = ("nothing".to_owned(), Blob::from(vec![1, 2, 3]));
    assert_eq!(draw(&layout, &[entry]), Err(PictureError::NotAPicture));
}
