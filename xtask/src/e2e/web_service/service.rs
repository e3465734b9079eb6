use std::fs;
use std::io::{Cursor, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use image::{GrayImage, ImageFormat, Luma};
use rustix::process::Signal;
use tempfile::TempDir;

use super::super::ended::Ended;
use super::super::http::{self, Http};
use super::super::program::Program;
use super::super::stage::Stage;
use super::view::View;

/// How long something may take on a busy host that takes a moment.
const SOON: Duration = Duration::from_secs(45);

/// The service, running, with a folder of its own for its database and for whatever it opens besides.
pub(super) struct Service {
    program: Program,
    address: SocketAddr,
    pub(super) http: Http,
    folder: TempDir,
}

impl Service {
    /// Starts it with a new database.
    pub(super) fn start(stage: &Stage) -> anyhow::Result<Self> {
        Self::start_in(stage, tempfile::tempdir()?)
    }

    fn start_in(stage: &Stage, folder: TempDir) -> anyhow::Result<Self> {
        let opened = folder.path().join("opened");
        fs::create_dir_all(&opened)?;
        let mut command = Command::new(stage.example("axum-thumbnails")?);
        command
            .env("PORT", "0")
            .env("DATABASE", folder.path().join("pictures.sqlite"))
            .env("TMPDIR", &opened)
            .env("FLAME_POOLS__THUMBNAILS__IDLE_SHUTDOWN_AFTER", "1s");
        let mut program = Program::start(command)?;
        let line = program.wait_for_line("listening on http://")?;
        let address = line.rsplit('/').next().unwrap_or_default();
        let address = address.parse().with_context(|| line.clone())?;
        Ok(Self {
            program,
            address,
            http: Http::at(address)?,
            folder,
        })
    }

    /// Waits until a runner has begun to work, and not only been given what to work on.
    pub(super) fn has_begun(&mut self) -> anyhow::Result<()> {
        self.program.wait_for_line("decoding").map(drop)
    }

    /// Kills the service alone, waits until its runners are gone, and starts it with the same database.
    pub(super) fn start_again_after_a_kill(mut self, stage: &Stage) -> anyhow::Result<Self> {
        self.program.kill_parent()?;
        self.program.wait_until_gone(SOON, &[])?;
        Self::start_in(stage, self.folder)
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn pid(&self) -> u32 {
        self.program.pid()
    }

    /// The first view that is as wanted.
    pub(super) fn view(&self, wanted: impl Fn(&View) -> bool) -> anyhow::Result<View> {
        let started_at = Instant::now();
        let mut events = self.http.events("/live")?;
        let mut last = None;
        while let Some(event) = events.next()? {
            let view: View = serde_json::from_str(&event)?;
            if wanted(&view) {
                return Ok(view);
            }
            if started_at.elapsed() > SOON {
                bail!("within {SOON:?} nobody saw what was wanted; the last view is {view:?}");
            }
            last = Some(view);
        }
        bail!("there are no more views; the last one is {last:?}")
    }

    /// Kills one of its runners.
    pub(super) fn kill(&self, pid: u32) -> anyhow::Result<()> {
        let processes = self.program.processes();
        let runner = processes.iter().find(|process| process.pid == pid);
        runner.context("there is no such process")?.kill();
        Ok(())
    }

    /// Sends a picture, and leaves the connection to whoever called.
    pub(super) fn send(&self, name: &str, picture: Vec<u8>) -> anyhow::Result<TcpStream> {
        let body = http::form(&[(name, picture)]);
        let mut connection = TcpStream::connect(self.address)?;
        write!(
            connection,
            "POST /pictures HTTP/1.1\r\nHost: here\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n",
            http::form_type(),
            body.len()
        )?;
        connection.write_all(&body)?;
        Ok(connection)
    }

    /// Tells it to end.
    pub(super) fn tell_to_end(&self) -> anyhow::Result<()> {
        let processes = self.program.processes();
        let service = processes.iter().find(|process| process.pid == self.pid());
        service
            .context("it has ended already")?
            .signal(Signal::TERM);
        Ok(())
    }

    /// Waits for its end, and makes sure that nothing is left: no process, nobody who listens, and no file but the
    /// database. Says how long it took.
    pub(super) fn end(self, within: Duration) -> anyhow::Result<(Duration, Ended)> {
        let started_at = Instant::now();
        let ended = self.program.end()?.succeeded()?;
        let after = started_at.elapsed();
        ensure!(after < within, "it took {after:?} to end{}", ended.said());
        ensure!(
            TcpStream::connect(self.address).is_err(),
            "somebody still listens"
        );
        let left = names(&self.folder.path().join("opened"))?;
        ensure!(left.is_empty(), "it left {left:?}");
        // A database that was not closed has two more files.
        let files = names(self.folder.path())?;
        ensure!(
            files == ["opened", "pictures.sqlite"],
            "there are {files:?}"
        );
        Ok((after, ended))
    }

    /// Tells it to end when it has nothing to do.
    pub(super) fn stop(self) -> anyhow::Result<Duration> {
        self.tell_to_end()?;
        Ok(self.end(Duration::from_secs(10))?.0)
    }
}

fn names(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// A picture that takes some time: 64 million pixels.
pub(super) fn large_picture() -> anyhow::Result<Vec<u8>> {
    let gradient = GrayImage::from_fn(8_000, 8_000, |x, y| Luma([(x / 64 + y / 64) as u8]));
    let mut png = Vec::new();
    gradient.write_to(&mut Cursor::new(&mut png), ImageFormat::Png)?;
    Ok(png)
}
