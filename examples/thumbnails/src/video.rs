//! Takes still frames out of a video, with the `ffmpeg` program.

mod video_error;

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde::{Deserialize, Serialize};

pub use video_error::VideoError;

use crate::Blob;

/// The program to call, found on the `PATH`.
pub const FFMPEG: &str = "ffmpeg";

/// How many frames are taken at most, so that a long video does not fill the memory.
pub const MOST_FRAMES: u32 = 1_000;

/// One frame of a video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The name of the video and the time of the frame, fit for a file.
    pub name: String,
    /// The frame as JPEG.
    pub bytes: Blob,
}

/// Takes one frame every `interval` seconds.
///
/// The video is read from the file system of the process that runs this, so a runner on another host needs
/// the same path.
///
/// # Errors
///
/// Says so if `ffmpeg` is not installed, and passes on its last words if it fails.
pub fn take_frames(ffmpeg: &OsStr, video: &Path, interval: u32) -> Result<Vec<Frame>, VideoError> {
    // An absolute path can be neither an option of ffmpeg's nor an address to fetch.
    let video = video
        .canonicalize()
        .map_err(|error| VideoError::files(&error))?;
    let folder = tempfile::tempdir().map_err(|error| VideoError::files(&error))?;
    let output = run(ffmpeg, &video, interval, folder.path())?;
    if !output.status.success() {
        return Err(VideoError::failed(output.status, &output.stderr));
    }
    let frames =
        read_frames(&video, interval, folder.path()).map_err(|error| VideoError::files(&error))?;
    if frames.is_empty() {
        return Err(VideoError::NoFrames);
    }
    Ok(frames)
}

fn run(ffmpeg: &OsStr, video: &Path, interval: u32, folder: &Path) -> Result<Output, VideoError> {
    Command::new(ffmpeg)
        .args(["-nostdin", "-hide_banner", "-loglevel", "error", "-i"])
        .arg(video)
        .args(["-vf", &format!("fps=1/{interval}")])
        .args(["-frames:v", &MOST_FRAMES.to_string(), "-q:v", "2"])
        .arg(folder.join("%d.jpg"))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                VideoError::FfmpegMissing
            } else {
                VideoError::files(&error)
            }
        })
}

/// Frames are numbered from 1 without a gap.
fn read_frames(video: &Path, interval: u32, folder: &Path) -> io::Result<Vec<Frame>> {
    let stem = video.file_stem().unwrap_or_default().to_string_lossy();
    let mut frames = Vec::new();
    for index in 0..MOST_FRAMES {
        let bytes = match fs::read(folder.join(format!("{}.jpg", index + 1))) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => break,
            Err(error) => return Err(error),
        };
        frames.push(Frame {
            name: format!(
                "{stem} {}.jpg",
                clock(u64::from(index) * u64::from(interval))
            ),
            bytes: bytes.into(),
        });
    }
    Ok(frames)
}

/// Hours, minutes and seconds, without the colons that some file systems refuse.
fn clock(seconds: u64) -> String {
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    let (hours, minutes) = (minutes / 60, minutes % 60);
    format!("{hours:02}h{minutes:02}m{seconds:02}s")
}
