use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

use tempfile::TempDir;

/// Where tasks of several processes wait for each other, so that no runner can do the work of two.
#[derive(Debug)]
pub struct Meeting {
    folder: TempDir,
    host: JoinHandle<std::io::Result<()>>,
}

impl Meeting {
    /// Waits for so many, and then lets all of them go.
    ///
    /// # Errors
    ///
    /// There is no place for it.
    pub fn of(guests: usize) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let listener = UnixListener::bind(place(&folder))?;
        let host = std::thread::spawn(move || {
            let mut here = Vec::with_capacity(guests);
            for _ in 0..guests {
                here.push(listener.accept()?.0);
            }
            here.iter_mut().try_for_each(|guest| guest.write_all(&[1]))
        });
        Ok(Self { folder, host })
    }

    /// What a guest has to know.
    pub fn place(&self) -> PathBuf {
        place(&self.folder)
    }

    /// Waits for its end.
    ///
    /// # Errors
    ///
    /// A guest has left.
    pub fn ended(self) -> anyhow::Result<()> {
        let outcome = self.host.join();
        Ok(outcome.unwrap_or_else(|_| Err(std::io::Error::other("the host panicked")))?)
    }
}

fn place(folder: &TempDir) -> PathBuf {
    folder.path().join("meeting")
}

/// Goes to a meeting, and blocks until everybody is there.
///
/// # Errors
///
/// There is no meeting at this place, or it was given up.
pub fn meet(at: &Path) -> std::io::Result<()> {
    UnixStream::connect(at)?.read_exact(&mut [0])
}
