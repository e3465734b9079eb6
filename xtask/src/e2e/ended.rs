use std::process::ExitStatus;

use anyhow::ensure;

/// A program that has ended and has left no process behind.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) pid: u32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Fails unless it ended well.
    pub(crate) fn succeeded(self) -> anyhow::Result<Self> {
        self.ended_with(0)
    }

    /// Fails unless it ended with this code.
    pub(crate) fn ended_with(self, code: i32) -> anyhow::Result<Self> {
        ensure!(
            self.status.code() == Some(code),
            "it ended with {}{}",
            self.status,
            self.said()
        );
        Ok(self)
    }

    /// Fails unless it printed exactly this.
    pub(crate) fn printed(self, expected: &str) -> anyhow::Result<Self> {
        ensure!(
            self.stdout == expected,
            "it should have printed\n{expected}{}",
            self.said()
        );
        Ok(self)
    }

    /// What it printed, for an error.
    pub(crate) fn said(&self) -> String {
        said(&self.stdout, &self.stderr)
    }
}

/// Both streams of a program, for an error.
pub(crate) fn said(stdout: &str, stderr: &str) -> String {
    format!("\n--- it printed:\n{stdout}--- and complained:\n{stderr}---")
}
