use image::DynamicImage;
use thumbnails::thumbnail::decode;

use crate::picture;

type Turn = fn(&DynamicImage) -> DynamicImage;

/// Writes into a JPEG how the camera was held, the way cameras do.
fn held(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = Vec::from(*b"Exif\0\0MM\0\x2a\0\0\0\x08");
    exif.extend([0, 1]); // one entry:
    exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]); // orientation, one short
    exif.extend([0, 0, 0, 0]); // nothing after it
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();

    let (start, rest) = jpeg.split_at(2);
    [start, &[0xff, 0xe1], &length, &exif, rest].concat()
}

#[test]
fn the_test_pictures_are_not_turned() {
    let upright = decode(&held(&picture("rocket.jpg"), 1)).unwrap().image;
    assert_eq!((upright.width(), upright.height()), (640, 427));
}

#[test]
fn a_picture_is_turned_as_the_camera_was_held() {
    let rocket = picture("rocket.jpg");
    let taken = decode(&rocket).unwrap().image;
    let turns: [(u8, Turn); 7] = [
        (2, DynamicImage::fliph),
        (3, DynamicImage::rotate180),
        (4, DynamicImage::flipv),
        (5, |image| image.rotate90().fliph()),
        (6, DynamicImage::rotate90),
        (7, |image| image.rotate270().fliph()),
        (8, DynamicImage::rotate270),
    ];
    for (orientation, turned) in turns {
        let seen = decode(&held(&rocket, orientation)).unwrap().image;
        assert!(seen == turned(&taken), "orientation {orientation}");
    }
}

#[test]
fn nonsense_about_the_camera_does_not_spoil_the_picture() {
    let rocket = picture("rocket.jpg");
    let taken = decode(&rocket).unwrap().image;
    for orientation in [0, 9, 255] {
        let seen = decode(&held(&rocket, orientation)).unwrap().image;
        assert!(seen == taken, "orientation {orientation}");
    }
}
