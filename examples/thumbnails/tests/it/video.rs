use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;

use tempfile::{TempDir, tempdir};
use thumbnails::video::{Frame, VideoError, take_frames};

const STAND_IN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/ffmpeg-stand-in.sh");

fn video(content: &str) -> (TempDir, PathBuf) {
    let folder = tempdir().unwrap();
    let path = folder.path().join("holiday.mp4");
    fs::write(&path, content).unwrap();
    (folder, path)
}

fn frames(content: &str, interval: u32) -> Result<Vec<Frame>, VideoError> {
    let (_folder, path) = video(content);
    take_frames(STAND_IN.as_ref(), &path, interval)
}

#[test]
fn one_frame_is_taken_per_interval_and_named_after_its_time() {
    let taken = frames("frame one\nframe two\nframe three\n", 1800).unwrap();
    let expected = [
        ("holiday 00h00m00s.jpg", "frame one at fps=1/1800"),
        ("holiday 00h30m00s.jpg", "frame two at fps=1/1800"),
        ("holiday 01h00m00s.jpg", "frame three at fps=1/1800"),
    ]
    .map(|(name, bytes)| Frame {
        name: name.to_owned(),
        bytes: Vec::from(bytes).into(),
    });
    assert_eq!(taken, expected);
}

#[test]
fn a_missing_ffmpeg_is_named() {
    let (_folder, path) = video("frame");
    let error = take_frames(OsStr::new("/nowhere/ffmpeg"), &path, 5).unwrap_err();
    assert_eq!(error, VideoError::FfmpegMissing);
    assert!(
        error
            .to_string()
            .contains("`ffmpeg`, which is not on the PATH")
    );
}

#[test]
fn the_last_words_of_ffmpeg_are_passed_on() {
    let Err(VideoError::FfmpegFailed { status, last_lines }) = frames("no video", 5) else {
        panic!("it should have failed");
    };
    assert_eq!(status, "exit status: 69");
    assert!(last_lines.starts_with("two; "), "{last_lines}");
    assert!(
        last_lines.ends_with("Invalid data found; Conversion failed"),
        "{last_lines}"
    );
}

#[test]
fn a_video_without_frames_is_an_error() {
    assert_eq!(frames("", 5), Err(VideoError::NoFrames));
}

#[test]
fn a_video_that_is_not_there_is_an_error() {
    let missing = PathBuf::from("/nowhere/holiday.mp4");
    let error = take_frames(STAND_IN.as_ref(), &missing, 5).unwrap_err();
    assert!(matches!(error, VideoError::Files { .. }), "{error:?}");
}
