use std::path::PathBuf;
use std::time::Duration;

use expect_test::expect;
use thumbnails::{Encoding, Made, PictureError, Report, Thumbnail};

fn made(name: &str, process: u32, took: u64) -> Made {
    let thumbnail = |size: u32| Thumbnail {
        size,
        width: size,
        height: size / 2,
        encoding: Encoding::Png,
        bytes: vec![0; 1_500].into(),
    };
    Made {
        name: name.to_owned(),
        width: 1200,
        height: 600,
        thumbnails: vec![thumbnail(64), thumbnail(128)],
        process,
        took: Duration::from_millis(took),
    }
}

#[test]
fn the_report_tells_what_ran_where_and_how_long() {
    let mut report = Report::new(30);
    report.failed("notes.txt", &PictureError::NotAPicture);
    report.made(&made("page 10.png", 4242, 1_700));
    report.made(&made("page 9.png", 31, 40));
    report.made(&made("été.png", 31, 5));
    report.failed(
        "huge.png",
        &PictureError::TooLarge {
            width: 60_000,
            height: 2,
        },
    );
    report.sort();
    report.sheet(PathBuf::from("out/contact-sheet.png"));
    report.took(Duration::from_millis(940));
    expect![[r#"
        picture        pixels  thumbnails     pid    ms
        page 9.png   1200×600  64×32 128×64    31    40
        page 10.png  1200×600  64×32 128×64  4242  1700
        été.png      1200×600  64×32 128×64    31     5

        6 thumbnails (9 KiB) of 3 pictures in 0.9 s, by 2 processes with 1.7 s of work; this is pid 30
        contact sheet: out/contact-sheet.png

        without thumbnails:
          huge.png   60000 × 2 pixels are too many
          notes.txt  not a picture
    "#]]
    .assert_eq(&report.to_string());
}

#[test]
fn one_of_each_is_not_called_many() {
    let mut report = Report::new(30);
    report.made(&made("a.png", 7, 12));
    report.took(Duration::from_millis(50));
    expect![[r#"
        picture    pixels  thumbnails    pid  ms
        a.png    1200×600  64×32 128×64    7  12

        2 thumbnails (3 KiB) of 1 picture in 0.1 s, by 1 process with 0.0 s of work; this is pid 30
    "#]]
    .assert_eq(&report.to_string());
}

#[test]
fn nothing_is_told_plainly() {
    expect![[r#"
        0 thumbnails (0 KiB) of 0 pictures in 0.0 s, by 0 processes with 0.0 s of work; this is pid 30
    "#]]
    .assert_eq(&Report::new(30).to_string());
}
