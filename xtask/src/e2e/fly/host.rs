use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use tempfile::{TempDir, tempdir};

use super::super::ended::Ended;
use super::super::program::{MARK, Program};
use super::super::stage::Stage;
use super::journal::Journal;

/// The token, which is told to the API alone.
pub(super) const TOKEN: &str = "fm2_canarytoken";
/// The value of a variable, which is told to machines alone.
pub(super) const VALUE: &str = "canaryvalue";
const APP: &str = "my-app";
const IMAGE: &str = "registry.example/my-app:1";

/// The emulator as a program of its own, with what goes wrong in it, and with the example as its only image.
pub(super) struct Host {
    emulator: Program,
    url: String,
    image: PathBuf,
    folder: TempDir,
}

impl Host {
    pub(super) fn start(stage: &Stage, faults: &[&str]) -> anyhow::Result<Self> {
        Self::of(stage, &stage.on_fly()?.thumbnails, faults)
    }

    /// The same with another program as its image.
    pub(super) fn of(stage: &Stage, image: &Path, faults: &[&str]) -> anyhow::Result<Self> {
        let folder = tempdir()?;
        let on_fly = stage.on_fly()?;
        let mut command = Command::new(&on_fly.emulator);
        command
            .args(["--listen", "127.0.0.1:0", "--rate-limits", "on"])
            .args(["--app", APP, "--token", TOKEN])
            .arg("--image")
            .arg(format!("{IMAGE}={}", image.display()))
            // By this variable machines are found as processes.
            .args(["--pass", MARK])
            .args(faults.iter().flat_map(|fault| ["--fault", *fault]))
            .arg("--journal")
            .arg(folder.path().join("journal"));
        let mut emulator = Program::start(command)?;
        let url = emulator.wait_for_line("http://")?;
        Ok(Self {
            emulator,
            url,
            image: image.to_owned(),
            folder,
        })
    }

    /// The example as a process of this machine, about to work on what is at `source`.
    pub(super) fn thumbnails(&self, machine: &str, source: &Path) -> Command {
        let mut command = self.parent(machine);
        command.arg(source).arg("--out").arg(self.out());
        command
    }

    /// The image's program as a process of this machine. What is in the environment is what Fly puts there, the name
    /// of the backend, and a variable for its runners.
    pub(super) fn parent(&self, machine: &str) -> Command {
        let mut command = Command::new(&self.image);
        command
            .current_dir(self.folder.path())
            .env("FLAME_BACKEND", "fly")
            .env("FLAME_FLY__ENV__KEY", VALUE)
            .env("FLY_MACHINE_ID", machine)
            .env("FLY_PRIVATE_IP", "127.0.0.1")
            .env("FLY_REGION", "iad");
        self.leads(&mut command);
        command
    }

    /// What tells a client of others where the emulator is.
    pub(super) fn leads<'a>(&self, client: &'a mut Command) -> &'a mut Command {
        client
            .env("FLY_FLAPS_BASE_URL", &self.url)
            .env("FLY_API_HOSTNAME", &self.url)
            .env("FLY_API_TOKEN", TOKEN)
            .env("FLY_APP_NAME", APP)
            .env("FLY_IMAGE_REF", IMAGE)
    }

    /// Where the pictures go.
    pub(super) fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    /// Where programs run.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What has happened so far.
    pub(super) fn journal(&self) -> anyhow::Result<Journal> {
        Journal::read(&self.folder.path().join("journal"))
    }

    /// Waits until the journal has something.
    pub(super) fn wait_for<T>(
        &self,
        what: &str,
        look: impl Fn(&Journal) -> Option<T>,
    ) -> anyhow::Result<T> {
        self.emulator
            .wait_until_seen(what, || look(&self.journal().ok()?))
    }

    /// Fails unless all machines are gone, in the journal and as processes, and were in order. Then it ends.
    pub(super) fn end(mut self) -> anyhow::Result<Ended> {
        self.wait_for("every machine is gone", |journal| {
            journal
                .ids()
                .iter()
                .all(|id| journal.has_been(id, "destroyed"))
                .then_some(())
        })?;
        self.journal()?.is_in_order()?;
        self.emulator.interrupt();
        self.emulator.close_stdin();
        self.emulator.end().context("the emulator")?.succeeded()
    }
}
