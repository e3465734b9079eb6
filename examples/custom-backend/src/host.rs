use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::Stdio;

use flame::{BootRequest, InstanceName, Listed};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// What the command line of an instance's shell begins with. The name and the labels follow.
const MARK: &str = "sh -s flame-runner";

/// A host that `ssh` can reach without asking anybody: its key is known, and it takes ours.
#[derive(Clone, Debug)]
pub struct Host {
    address: String,
    config: Option<PathBuf>,
}

impl Host {
    /// `host` or `user@host`, as one would tell `ssh`.
    pub fn new(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            config: None,
        }
    }

    /// Replaces the configuration files of `ssh`.
    #[must_use]
    pub fn config(mut self, file: impl Into<PathBuf>) -> Self {
        self.config = Some(file.into());
        self
    }

    /// A shell for an instance: everybody on the host can see whose it is.
    pub(crate) fn shell_for(&self, request: &BootRequest) -> Command {
        let labels = request.labels.iter();
        let labels = labels.map(|(key, value)| format!(" {}", quoted(&format!("{key}={value}"))));
        self.ssh(&format!(
            "{MARK} {}{}",
            request.name,
            labels.collect::<String>()
        ))
    }

    /// Ends what runs under this name, and makes sure that it is gone. The shell of an instance leads a process group.
    pub(crate) async fn end(&self, name: &InstanceName) -> io::Result<()> {
        let script = format!(
            "pid=$(pgrep -o -u \"$(id -u)\" -f '^{MARK} {name}( |$)') || {{ [ $? = 1 ]; exit; }}\n\
             while kill -s KILL -- \"-$pid\" 2>/dev/null; do sleep 0.1; done\n"
        );
        self.run(&script).await.map(drop)
    }

    /// Resolves when nothing runs under this name.
    pub(crate) async fn wait_for_end(&self, name: &InstanceName) -> io::Result<()> {
        let script = format!(
            "while :; do\n\
             pgrep -u \"$(id -u)\" -f '^{MARK} {name}( |$)' >/dev/null\n\
             case $? in 0) sleep 1;; 1) exit 0;; *) exit 2;; esac\n\
             done\n"
        );
        self.run(&script).await.map(drop)
    }

    pub(crate) async fn list(&self) -> io::Result<Vec<Listed>> {
        let processes = self.run("ps -u \"$(id -u)\" -o args=\n").await?;
        let instances = processes.lines().filter_map(|line| line.strip_prefix(MARK));
        let read = |line: &str| {
            let mut words = line.split_ascii_whitespace();
            let name = words.next()?.parse().ok()?;
            let labels = words.filter_map(|word| word.split_once('='));
            let labels = labels.map(|(key, value)| (key.to_owned(), value.to_owned()));
            Some(Listed {
                name,
                labels: labels.collect(),
            })
        };
        Ok(instances.filter_map(read).collect())
    }

    /// Runs a script to its end, and returns what it writes.
    async fn run(&self, script: &str) -> io::Result<String> {
        let mut ssh = self.ssh("sh -s").spawn()?;
        if let Some(mut stdin) = ssh.stdin.take() {
            stdin.write_all(script.as_bytes()).await?;
        }
        let output = ssh.wait_with_output().await?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let (host, status) = (&self.address, output.status);
        Err(io::Error::other(format!(
            "{host}: {status}: {}",
            said.trim()
        )))
    }

    /// `ssh` as a process that ends when nobody holds it any more. It notices a silent host in seconds.
    fn ssh(&self, command: &str) -> Command {
        let mut ssh = Command::new("ssh");
        if let Some(config) = &self.config {
            ssh.arg("-F").arg(config);
        }
        ssh.args(["-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10"])
            .args(["-o", "ServerAliveInterval=5", "--", &self.address])
            .arg(format!("exec {command}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        ssh
    }
}

/// The text as one word for `sh`.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}
