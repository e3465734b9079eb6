use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use custom_backend::Host;
use tempfile::TempDir;

const SSHD: &str = "/usr/sbin/sshd";

/// A server for all tests of this process, or nothing where none is installed. It ends with this process.
static SERVER: LazyLock<Option<Sshd>> = LazyLock::new(|| {
    if Path::new(SSHD).exists() {
        return Some(Sshd::start());
    }
    assert!(std::env::var_os("CI").is_none(), "{SSHD} is not installed");
    None
});

/// Two names of this host, for a backend.
pub(crate) fn hosts() -> Option<[Host; 2]> {
    let server = SERVER.as_ref();
    if server.is_none() {
        eprintln!("skipped: {SSHD} is not installed");
    }
    let config = server?.config();
    Some(["127.0.0.1", "localhost"].map(|name| Host::new(name).config(&config)))
}

/// The file that leads a client to the server.
pub(crate) fn config() -> Option<PathBuf> {
    SERVER.as_ref().map(Sshd::config)
}

struct Sshd {
    folder: TempDir,
    /// Holds its lifeline.
    _process: Child,
}

impl Sshd {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        for key in ["host", "user"] {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-f", &at(key)])
                .status();
            assert!(made.unwrap().success());
        }
        // One who starts it as root needs this folder, which a service manager would make.
        let _ = fs::create_dir_all("/run/sshd");
        let port = free_port();
        let server = format!(
            "ListenAddress 127.0.0.1:{port}\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\n\
             PasswordAuthentication no\nStrictModes no\nMaxStartups 500\nPermitRootLogin prohibit-password\n",
            at("host"),
            at("user.pub"),
        );
        fs::write(at("sshd_config"), server).unwrap();
        let public = fs::read_to_string(at("host.pub")).unwrap();
        let known = format!("[127.0.0.1]:{port} {public}[localhost]:{port} {public}");
        fs::write(at("known_hosts"), known).unwrap();
        let client = format!(
            "Port {port}\nAddressFamily inet\nIdentityFile {}\nIdentitiesOnly yes\n\
             UserKnownHostsFile {}\nStrictHostKeyChecking yes\n",
            at("user"),
            at("known_hosts"),
        );
        fs::write(at("ssh_config"), client).unwrap();
        let process = listen(&at("sshd_config"));
        Self {
            folder,
            _process: process,
        }
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("ssh_config")
    }
}

fn free_port() -> u16 {
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    socket.local_addr().unwrap().port()
}

/// The server, once it listens. It ends when the other end of its shell's input is closed, as this process does
/// whatever it dies of.
fn listen(config: &str) -> Child {
    let script = format!("{SSHD} -D -e -f '{config}' & read -r _; kill $!");
    let mut process = Command::new("sh")
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
    let mut said = Vec::new();
    loop {
        let Some(Ok(line)) = lines.next() else {
            panic!("{SSHD} does not listen: {said:?}");
        };
        if line.contains("Server listening on") {
            break;
        }
        said.push(line);
    }
    // It goes on to write, and must not wait for a reader.
    std::thread::spawn(move || lines.for_each(drop));
    process
}
