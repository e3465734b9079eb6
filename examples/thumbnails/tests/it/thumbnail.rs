use thumbnails::thumbnail::{LARGEST_SIZE, decode, shrink};
use thumbnails::{Encoding, Made, PictureError};

use crate::{SOUND, picture};

fn made(name: &str, sizes: &[u32]) -> Made {
    Made::from_picture(name.to_owned(), &picture(name), sizes).unwrap()
}

#[test]
fn each_size_is_made_and_no_side_is_longer() {
    for name in SOUND {
        let made = made(name, &[64, 128, 256]);
        let longest: Vec<_> = made
            .thumbnails
            .iter()
            .map(|thumbnail| thumbnail.width.max(thumbnail.height))
            .collect();
        assert_eq!(longest, [64, 128, 256], "{name}");
    }
}

#[test]
fn the_aspect_is_kept_to_the_pixel() {
    for name in SOUND {
        let made = made(name, &[256]);
        let scale = 256.0 / f64::from(made.width.max(made.height));
        let thumbnail = &made.thumbnails[0];
        let off_by =
            |side: u32, original: u32| (f64::from(side) - f64::from(original) * scale).abs();
        assert!(off_by(thumbnail.width, made.width) <= 0.5, "{name}");
        assert!(off_by(thumbnail.height, made.height) <= 0.5, "{name}");
    }
}

#[test]
fn the_encoded_thumbnail_is_what_its_description_says() {
    for name in SOUND {
        for thumbnail in made(name, &[64, 200]).thumbnails {
            let format = match thumbnail.encoding {
                Encoding::Jpeg => image::ImageFormat::Jpeg,
                Encoding::Png => image::ImageFormat::Png,
            };
            let image = image::load_from_memory_with_format(&thumbnail.bytes, format).unwrap();
            assert_eq!(image.width(), thumbnail.width, "{name}");
            assert_eq!(image.height(), thumbnail.height, "{name}");
        }
    }
}

#[test]
fn a_thumbnail_looks_like_its_picture() {
    for name in SOUND {
        let whole = decode(&picture(name)).unwrap();
        let thumbnail = shrink(&whole, 64).unwrap();
        let small = image::load_from_memory(&thumbnail.bytes).unwrap().to_rgb8();
        let averaged = whole
            .image
            .thumbnail_exact(thumbnail.width, thumbnail.height)
            .to_rgb8();
        let apart: u64 = small
            .iter()
            .zip(averaged.iter())
            .map(|(&one, &other)| u64::from(one.abs_diff(other)))
            .sum();
        let mean = apart as f64 / small.len() as f64;
        assert!(mean < 12.0, "{name}: {mean} levels apart on average");
    }
}

#[test]
fn a_small_picture_is_not_blown_up() {
    let made = made("chelsea.png", &[4000]);
    assert_eq!(made.thumbnails[0].size, 4000);
    assert_eq!(
        (made.thumbnails[0].width, made.thumbnails[0].height),
        (451, 300)
    );
}

#[test]
fn transparency_survives() {
    let mut transparent = image::RgbaImage::new(100, 50);
    for (x, _, pixel) in transparent.enumerate_pixels_mut() {
        *pixel = image::Rgba([200, 10, 10, if x < 50 { 0 } else { 255 }]);
    }
    let mut png = std::io::Cursor::new(Vec::new());
    transparent
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();

    let thumbnail = shrink(&decode(png.get_ref()).unwrap(), 20).unwrap();

    let small = image::load_from_memory(&thumbnail.bytes)
        .unwrap()
        .to_rgba8();
    assert_eq!(small.get_pixel(1, 5)[3], 0);
    assert_eq!(small.get_pixel(18, 5)[3], 255);
}

#[test]
fn impossible_sizes_are_refused() {
    for size in [0, LARGEST_SIZE + 1, u32::MAX] {
        let error = Made::from_picture("coffee".to_owned(), &picture("coffee.png"), &[size]);
        assert_eq!(error, Err(PictureError::BadSize { size }));
    }
}

#[test]
fn a_name_gets_an_extension_only_if_it_lacks_the_right_one() {
    assert_eq!(Encoding::Jpeg.file_name("a.JPG"), "a.JPG");
    assert_eq!(Encoding::Jpeg.file_name("a.jpeg"), "a.jpeg");
    assert_eq!(Encoding::Png.file_name("a.gif"), "a.gif.png");
    assert_eq!(Encoding::Png.file_name("a"), "a.png");
}
