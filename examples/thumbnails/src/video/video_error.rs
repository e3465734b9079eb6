use std::io;
use std::process::ExitStatus;

use serde::{Deserialize, Serialize};

/// How much of what `ffmpeg` says is passed on: its last lines name the cause.
const LAST_LINES: usize = 3;

/// Why a video gave no frames.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum VideoError {
    /// There is no such program.
    #[error("taking frames from a video needs `ffmpeg`, which is not on the PATH")]
    FfmpegMissing,
    /// The program did not like the video.
    #[error("ffmpeg failed ({status}): {last_lines}")]
    FfmpegFailed {
        /// How it ended.
        status: String,
        /// The end of what it said.
        last_lines: String,
    },
    /// The video, or the folder for the frames, cannot be used.
    #[error("{reason}")]
    Files {
        /// What the system said.
        reason: String,
    },
    /// The program was content, but there is not one frame.
    #[error("no frames in this video")]
    NoFrames,
}

impl VideoError {
    pub(super) fn files(error: &io::Error) -> Self {
        Self::Files {
            reason: error.to_string(),
        }
    }

    pub(super) fn failed(status: ExitStatus, stderr: &[u8]) -> Self {
        let said = String::from_utf8_lossy(stderr);
        let lines: Vec<_> = said.lines().collect();
        Self::FfmpegFailed {
            status: status.to_string(),
            last_lines: lines[lines.len().saturating_sub(LAST_LINES)..].join("; "),
        }
    }
}
