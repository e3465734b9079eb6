use std::ffi::{CString, OsStr};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use flame_core::backend::lifeline::{Identity, LENGTH_BYTES, VARIABLE, decode_length};
use rustix::fs::fstat;
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;

use super::broken_pipes;

/// The pipe that a parent on the same host keeps open as long as it lives.
#[derive(Debug)]
pub(super) struct Lifeline(OwnedFd);

/// Takes the lifeline off standard input, with the text that the parent wrote into it. `None` when standard
/// input is not the pipe that the environment names.
pub(super) fn take() -> Option<io::Result<(String, Lifeline)>> {
    let named: Identity = std::env::var(VARIABLE).ok()?.parse().ok()?;
    let stdin = io::stdin();
    let stat = fstat(stdin.as_fd()).ok()?;
    let found = Identity {
        dev: stat.st_dev,
        ino: stat.st_ino,
    };
    if found != named {
        return None;
    }
    name_process();
    Some(move_away(stdin.as_fd()))
}

/// Lets `ps` show the program's own name: the copy was started through a link of another name.
fn name_process() {
    let program = std::env::args_os().next().map(PathBuf::from);
    let name = program
        .as_deref()
        .and_then(Path::file_name)
        .map(OsStr::as_bytes);
    if let Some(name) = name.and_then(|name| CString::new(name).ok()) {
        // It is for people only.
        let _ = rustix::thread::set_name(&name);
    }
}

/// Copies of the app that a task starts inherit standard input: they must not find the lifeline there.
fn move_away(stdin: impl AsFd) -> io::Result<(String, Lifeline)> {
    let pipe = stdin.as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    let mut reader = File::from(pipe);
    let mut length = [0; LENGTH_BYTES];
    reader.read_exact(&mut length)?;
    let mut text = vec![0; decode_length(length).map_err(io::Error::other)?];
    reader.read_exact(&mut text)?;
    let text = String::from_utf8(text).map_err(io::Error::other)?;
    Ok((text, Lifeline(reader.into())))
}

impl Lifeline {
    /// Resolves when the parent is gone.
    pub(super) async fn cut(&self) {
        if let Err(error) = self.read_to_end().await {
            // Whatever is wrong with the pipe, it tells nothing any more; the session still does.
            tracing::warn!(%error, "the lifeline cannot be watched");
            std::future::pending::<()>().await;
        }
        // The parent has read what this process writes.
        broken_pipes::replace();
    }

    async fn read_to_end(&self) -> io::Result<()> {
        let mut pipe = pipe::Receiver::from_owned_fd(self.0.try_clone()?)?;
        let mut nothing = [0; 16];
        while pipe.read(&mut nothing).await? > 0 {}
        Ok(())
    }
}
