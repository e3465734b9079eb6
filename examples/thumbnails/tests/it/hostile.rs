use std::time::{Duration, Instant};

use thumbnails::thumbnail::{DECODED_BYTES, LONGEST_SIDE};
use thumbnails::{Made, PictureError};

use crate::picture;

fn make(bytes: &[u8]) -> Result<Made, PictureError> {
    Made::from_picture("hostile".to_owned(), bytes, &[64])
}

/// The start of a GIF that announces a size.
fn gif(width: u16, height: u16) -> Vec<u8> {
    let (width, height) = (width.to_le_bytes(), height.to_le_bytes());
    let frame = [0x2c, 0, 0, 0, 0];
    [
        b"GIF89a".as_slice(),
        &width,
        &height,
        &[0, 0, 0],
        &frame,
        &width,
        &height,
        &[0, 2],
    ]
    .concat()
}

/// The start of a PNG that announces a size, in 16 bit RGBA.
fn png(width: u32, height: u32) -> Vec<u8> {
    let (width, height) = (width.to_be_bytes(), height.to_be_bytes());
    let header = [b"IHDR".as_slice(), &width, &height, &[16, 6, 0, 0, 0]].concat();
    let sum = crc32(&header).to_be_bytes();
    let data = [b"IDAT".as_slice()].concat();
    let data_sum = crc32(&data).to_be_bytes();
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\x0d".as_slice(),
        &header,
        &sum,
        &[0, 0, 0, 0],
        &data,
        &data_sum,
    ]
    .concat()
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 * (sum & 1))
        })
    })
}

/// A JPEG whose header claims another size than its content has.
fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = picture("rocket.jpg");
    let frame = bytes
        .windows(2)
        .position(|two| two == [0xff, 0xc0])
        .unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

#[test]
fn a_picture_that_is_cut_off_says_so() {
    let error = make(&picture("truncated.jpg")).unwrap_err();
    assert!(matches!(&error, PictureError::Damaged { .. }), "{error:?}");
    assert_eq!(error.to_string().lines().count(), 1, "{error}");
}

#[test]
fn what_is_no_picture_says_so() {
    for bytes in [b"".as_slice(), b"\n", b"# Notes", &[0; 4096]] {
        assert_eq!(make(bytes), Err(PictureError::NotAPicture));
    }
}

#[test]
fn a_side_beyond_the_limit_is_refused_before_anything_is_decoded() {
    let long = LONGEST_SIDE + 1;
    let (short, long_16) = (40, u16::try_from(long).unwrap());
    for bytes in [
        gif(long_16, short),
        jpeg(long_16, short),
        png(long, short.into()),
    ] {
        let expected = PictureError::TooLarge {
            width: long,
            height: short.into(),
        };
        assert_eq!(make(&bytes), Err(expected));
    }
}

#[test]
fn an_area_that_would_fill_the_memory_is_refused_before_anything_is_decoded() {
    let side = u16::try_from(LONGEST_SIDE).unwrap();
    let started_at = Instant::now();
    for bytes in [
        gif(side, side),
        jpeg(side, side),
        png(side.into(), side.into()),
    ] {
        let expected = PictureError::TooLarge {
            width: side.into(),
            height: side.into(),
        };
        assert_eq!(make(&bytes), Err(expected));
    }
    assert!(u64::from(side) * u64::from(side) * 3 > DECODED_BYTES);
    assert!(started_at.elapsed() < Duration::from_secs(5));
}

#[test]
fn the_largest_claims_of_each_format_are_refused() {
    assert!(make(&gif(u16::MAX, u16::MAX)).is_err());
    assert!(make(&jpeg(u16::MAX, u16::MAX)).is_err());
    assert!(make(&png(u32::MAX >> 1, u32::MAX >> 1)).is_err());
    assert!(make(&png(u32::MAX, u32::MAX)).is_err());
    assert!(make(&png(0, 0)).is_err());
}

#[test]
fn a_picture_cut_anywhere_gives_an_error_or_a_thumbnail_and_no_panic() {
    for name in ["chelsea.png", "rocket.jpg"] {
        let whole = picture(name);
        for part in 0..50 {
            let _outcome = make(&whole[..whole.len() * part / 50]);
        }
    }
}

#[test]
fn a_picture_damaged_anywhere_gives_an_error_or_a_thumbnail_and_no_panic() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    for name in ["cell.png", "rocket.jpg"] {
        let whole = picture(name);
        for round in 0..60 {
            let mut bytes = whole.clone();
            // Half of the damage goes where decoders decide the most: into the first bytes.
            let reach = if round % 2 == 0 { 700 } else { bytes.len() };
            for _ in 0..4 {
                bytes[dice.below(reach)] = dice.below(256) as u8;
            }
            let _outcome = make(&bytes);
        }
    }
}

/// Numbers without rhyme, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}
