use std::ffi::OsString;
use std::fmt;
use std::io;
use std::os::fd::AsFd;
use std::process::Stdio;
use std::time::Duration;

use flame_proto::probe::{ProbeReport, ProbeRequest, VARIABLE};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::unix::OwnedReadHalf;
use tokio::net::{UnixListener, UnixStream};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// The variable that names the backend, as the library reads it.
const BACKEND_VARIABLE: &str = "FLAME_BACKEND";

/// The program that is looked at. Dropped, it is killed, and its runners end with it.
pub(super) struct Patient {
    child: Child,
    reports: Lines<BufReader<OwnedReadHalf>>,
}

/// Why nothing, or nothing more, was heard.
pub(super) enum Silence {
    /// It could not be started.
    NotStarted { program: String, error: io::Error },
    /// It ended, in the middle of a step or before it called.
    Ended { when: String, how: String },
    /// It runs, and does not call.
    NoCall { after: Duration },
    /// It says what cannot be understood.
    Unreadable { what: String },
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted { program, error } => {
                write!(f, "{program} cannot be started: {error}")
            }
            Self::Ended { when, how } => write!(f, "the program ended {when}: {how}"),
            Self::NoCall { after } => write!(
                f,
                "the program runs and has not called `flame::runner()` within {after:?}: it has to be the first line \
                 of its `main`"
            ),
            Self::Unreadable { what } => write!(
                f,
                "the program and this command do not understand each other ({what}): are they of one version?"
            ),
        }
    }
}

impl Patient {
    /// Starts it, and waits for its call.
    pub(super) async fn start(
        program: &[OsString],
        backend: Option<&str>,
        request: &ProbeRequest,
        patience: Duration,
    ) -> Result<Self, Silence> {
        let not_started = |error| Silence::NotStarted {
            program: program
                .first()
                .map(|program| program.to_string_lossy().into_owned())
                .unwrap_or_default(),
            error,
        };
        // Only this user may enter it.
        let folder = TempDir::with_prefix("flame-doctor-").map_err(not_started)?;
        let socket = folder.path().join("doctor.sock");
        let listener = UnixListener::bind(&socket).map_err(not_started)?;
        let mut command = command(program).map_err(not_started)?;
        command.env(VARIABLE, &socket);
        if let Some(backend) = backend {
            command.env(BACKEND_VARIABLE, backend);
        }
        let mut child = command.spawn().map_err(not_started)?;
        let stream = tokio::select! {
            called = timeout(patience, listener.accept()) => match called {
                Ok(called) => called.map_err(not_started)?.0,
                Err(_) => return Err(Silence::NoCall { after: patience }),
            },
            ended = child.wait() => return Err(Silence::Ended {
                when: "before it called `flame::runner()`".into(),
                how: said(ended),
            }),
        };
        // With its folder goes the socket: whatever the program starts is not asked.
        drop(folder);
        let reports = ask(stream, request).await.map_err(not_started)?;
        Ok(Self { child, reports })
    }

    /// What it tells next; `None` if it will tell nothing more.
    pub(super) async fn next(&mut self) -> Result<Option<ProbeReport>, Silence> {
        let unreadable = |what| Silence::Unreadable { what };
        match self.reports.next_line().await {
            Ok(Some(line)) => match line.parse() {
                Ok(report) => Ok(Some(report)),
                Err(error) => Err(unreadable(format!("{error}"))),
            },
            // A process that was killed leaves a connection that ends or breaks.
            Ok(None) | Err(_) => Ok(None),
        }
    }

    /// How it ended. It is ended if it has not.
    pub(super) async fn end(&mut self) -> String {
        match timeout(Duration::from_secs(1), self.child.wait()).await {
            Ok(ended) => said(ended),
            Err(_) => {
                let _ = self.child.kill().await;
                "it hung up, and was killed".into()
            }
        }
    }
}

/// What it and its runners write is not a result of this command.
fn command(program: &[OsString]) -> io::Result<Command> {
    let (program, arguments) = program
        .split_first()
        .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    let mut command = Command::new(program);
    let to_stderr = io::stderr().as_fd().try_clone_to_owned()?;
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(to_stderr)
        .kill_on_drop(true);
    Ok(command)
}

async fn ask(
    stream: UnixStream,
    request: &ProbeRequest,
) -> io::Result<Lines<BufReader<OwnedReadHalf>>> {
    let (read, mut write) = stream.into_split();
    write.write_all(format!("{request}\n").as_bytes()).await?;
    // The program reads one line; the other direction goes on.
    write.forget();
    Ok(BufReader::new(read).lines())
}

fn said(ended: io::Result<std::process::ExitStatus>) -> String {
    match ended {
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    }
}
