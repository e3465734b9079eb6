use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use super::outside::Outside;
use crate::run;

/// All examples.
const EXAMPLES: &[&str] = &[
    "axum-thumbnails",
    "custom-backend",
    "hello",
    "place-child",
    "prometheus",
    "text-index",
    "thumbnails",
];

/// What the checks over Fly run.
pub(super) struct OnFly {
    pub(super) emulator: PathBuf,
    /// The example with the backend in it.
    pub(super) thumbnails: PathBuf,
    /// The example that is to be deployed.
    pub(super) to_deploy: PathBuf,
}

/// Where the checks take place. What is needed is built when the first check asks for it.
pub(super) struct Stage {
    target: PathBuf,
    examples: OnceCell<()>,
    on_fly: OnceCell<OnFly>,
    outside: OnceCell<Outside>,
}

impl Stage {
    /// Builds nothing yet.
    pub(super) fn new() -> anyhow::Result<Self> {
        // This program is `<target>/<profile>/xtask`.
        let this = std::env::current_exe()?;
        let target = this
            .ancestors()
            .nth(2)
            .context("cargo did not build this")?;
        Ok(Self {
            target: target.to_owned(),
            examples: OnceCell::new(),
            on_fly: OnceCell::new(),
            outside: OnceCell::new(),
        })
    }

    /// An example, built as `cargo run` builds it.
    pub(super) fn example(&self, name: &str) -> anyhow::Result<PathBuf> {
        once(&self.examples, || self.build_examples())?;
        Ok(self.target.join("debug").join(name))
    }

    fn build_examples(&self) -> anyhow::Result<()> {
        self.build(EXAMPLES.iter().flat_map(|name| ["-p", name]))
    }

    fn build<'a>(&self, what: impl IntoIterator<Item = &'a str>) -> anyhow::Result<()> {
        let mut build = run::cargo("build --quiet");
        build.args(what).arg("--target-dir").arg(&self.target);
        run::quietly(&mut build).map(drop)
    }

    /// The programs of the checks over Fly.
    pub(super) fn on_fly(&self) -> anyhow::Result<&OnFly> {
        once(&self.on_fly, || {
            let (emulator, example, to_deploy) = ("flame-fly-emulator", "thumbnails", "on-fly");
            let packages = ["-p", emulator, "-p", example, "-p", to_deploy];
            self.build(packages.into_iter().chain(["--features", "thumbnails/fly"]))?;
            let built = self.target.join("debug");
            let folder = self.fly_folder();
            fs::create_dir_all(&folder)?;
            // The example has its usual place without that feature.
            let thumbnails = folder.join(example);
            fs::copy(built.join(example), &thumbnails)?;
            if self.examples.get().is_some() {
                self.build_examples()?;
            }
            Ok(OnFly {
                emulator: built.join(emulator),
                thumbnails,
                to_deploy: built.join(to_deploy),
            })
        })
    }

    /// Where the checks over Fly keep what they build.
    pub(super) fn fly_folder(&self) -> PathBuf {
        self.elsewhere().join("fly")
    }

    /// Where what is not part of this workspace is laid out and built.
    pub(super) fn elsewhere(&self) -> PathBuf {
        self.target.join("e2e")
    }

    /// The app that is not part of this workspace.
    pub(super) fn outside(&self) -> anyhow::Result<&Outside> {
        once(&self.outside, || Outside::lay_out(&self.elsewhere()))
    }

    /// A command of the app that is not part of this workspace, in a debug build.
    pub(super) fn app(&self, bin: &str, deed: &str) -> anyhow::Result<Command> {
        let mut command = Command::new(self.outside()?.build("dev", bin)?);
        command.arg(deed);
        Ok(command)
    }

    /// The pictures that ship with the example.
    pub(super) fn pictures(&self) -> PathBuf {
        run::workspace_root().join("examples/thumbnails/pictures")
    }

    /// What these checks bring along.
    pub(super) fn fixture(&self, name: &str) -> PathBuf {
        run::workspace_root()
            .join(Path::new("xtask/fixtures"))
            .join(name)
    }
}

/// `OnceCell::get_or_try_init`, which is not stable yet.
fn once<T>(cell: &OnceCell<T>, make: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<&T> {
    match cell.get() {
        Some(made) => Ok(made),
        None => {
            let made = make()?;
            Ok(cell.get_or_init(|| made))
        }
    }
}
