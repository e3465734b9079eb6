use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tempfile::TempDir;
use tokio::net::UnixListener;
use tokio::task::AbortHandle;

use super::accept::accept;
use super::admission::Admission;
use super::boots::Boots;
use super::peer::Peer;
use super::{bulk, service};
use crate::link::Socket;
use crate::threads::Threads;

/// The unix sockets of this process, in a folder that only its user may enter.
///
/// They exist while a pool needs them; dropping the last owner closes and removes them.
#[derive(Debug)]
pub(crate) struct Sockets {
    folder: TempDir,
    boots: Arc<Boots>,
    accepting: [AbortHandle; 2],
}

impl Sockets {
    /// The sockets of this process, opened if they are not.
    pub(crate) fn get(threads: &Threads) -> io::Result<Arc<Self>> {
        static SOCKETS: Mutex<Weak<Sockets>> = Mutex::new(Weak::new());
        let mut open = SOCKETS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sockets) = open.upgrade() {
            return Ok(sockets);
        }
        let sockets = Arc::new(Self::open(threads)?);
        *open = Arc::downgrade(&sockets);
        Ok(sockets)
    }

    fn open(threads: &Threads) -> io::Result<Self> {
        let _runtime = threads.control().enter();
        sweep(&std::env::temp_dir());
        let folder = tempfile::Builder::new()
            .prefix(&format!("{FOLDER_PREFIX}{}-", std::process::id()))
            .permissions(fs::Permissions::from_mode(0o700))
            .tempdir()?;
        let boots = Arc::new(Boots::default());
        let attach = bind(&attach_path(folder.path()))?;
        let bulk = bind(&bulk_path(folder.path()))?;
        let accepting = [
            threads
                .spawn_control(accept_runners(attach, boots.clone(), threads.clone()))
                .abort_handle(),
            threads
                .spawn_control(accept_bulk(bulk, boots.clone(), threads.clone()))
                .abort_handle(),
        ];
        Ok(Self {
            folder,
            boots,
            accepting,
        })
    }

    /// Who may call back here.
    pub(crate) fn boots(&self) -> &Arc<Boots> {
        &self.boots
    }

    /// Where runners attach.
    pub(crate) fn attach_path(&self) -> PathBuf {
        attach_path(self.folder.path())
    }

    /// Where runners open their bulk connection.
    pub(crate) fn bulk_path(&self) -> PathBuf {
        bulk_path(self.folder.path())
    }
}

impl Drop for Sockets {
    fn drop(&mut self) {
        self.accepting.iter().for_each(AbortHandle::abort);
    }
}

fn attach_path(folder: &Path) -> PathBuf {
    folder.join("attach.sock")
}

fn bulk_path(folder: &Path) -> PathBuf {
    folder.join("bulk.sock")
}

fn bind(path: &Path) -> io::Result<UnixListener> {
    let listener = UnixListener::bind(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

const FOLDER_PREFIX: &str = "flame-";

/// Removes the folders of processes that were killed before they could do so themselves.
///
/// Only what carries our prefix and the number of a process that does not exist; another user's folder
/// cannot be removed, which is as it should be.
fn sweep(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let owner = name
            .to_str()
            .and_then(|name| name.strip_prefix(FOLDER_PREFIX))
            .and_then(|rest| rest.split_once('-'))
            .and_then(|(pid, _)| rustix::process::Pid::from_raw(pid.parse().ok()?));
        if owner.is_some_and(|pid| {
            rustix::process::test_kill_process(pid) == Err(rustix::io::Errno::SRCH)
        }) {
            // Somebody else may be sweeping too.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

async fn accept_runners(listener: UnixListener, boots: Arc<Boots>, threads: Threads) {
    loop {
        let (connection, admission) = next(&listener, &boots, &threads).await;
        let (boots, threads) = (boots.clone(), threads.clone());
        tokio::spawn(service::serve(connection, admission, boots, threads));
    }
}

async fn accept_bulk(listener: UnixListener, boots: Arc<Boots>, threads: Threads) {
    loop {
        let (connection, admission) = next(&listener, &boots, &threads).await;
        let (boots, threads) = (boots.clone(), threads.clone());
        tokio::spawn(async move { bulk::serve(connection, admission, &boots, &threads).await });
    }
}

async fn next(listener: &UnixListener, boots: &Boots, threads: &Threads) -> (Socket, Admission) {
    let (connection, _) = accept(
        |cx| listener.poll_accept(cx),
        || boots.turned_away().nobody(threads),
    )
    .await;
    (
        Socket::Unix(connection),
        Admission::new(Peer::SameHost, None),
    )
}
