//! Clients that others have written read the emulator: it speaks as they understand Fly, not only as ours does.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::run;

use super::super::check::{Check, Outcome};
use super::super::program::Program;
use super::super::stage::Stage;
use super::host::Host;

// C40
pub(in super::super) const CHECKS: &[Check] = &[
    Check {
        name: "fly: a client that was generated from Fly's document understands the emulator",
        look: distilled,
    },
    Check {
        name: "fly: the crate flytrap understands the emulator",
        look: flytrap,
    },
];

/// What `drive.mjs` prints.
const DISTILLED: &str = r#"created: one-of-its-kind created iad { flame_boot: 'a:b c%' }
again: Conflict: already_exists: unique machine name violation, machine ID ID already exists with name "one-of-its-kind"
waited: true
not yet: MachineWaitTimeout: deadline_exceeded: machine failed to reach desired state, destroyed, currently started
too long: BadRequest: invalid_argument: invalid WaitMachineRequest.Timeout: value must be inside range [1s, 1m0s]
listed: [ 'one-of-its-kind started ok' ]
events: start/started launch/created launch/pending
metadata: { flame_boot: 'a:b c%' }
gently: UnknownFlyIoError: failed_precondition: unable to destroy machine, not currently stopped, suspended, failed or created
by force: accepted
then: destroyed
left: 0
nobody: NotFound: not_found: machine not found
elsewhere: Forbidden: unauthorized
"#;

/// What the other one prints.
const FLYTRAP: &str = "\
listed: 1
one-of-its-kind: Started, true
Some(\"London\"), true, true
left: 0
a stranger: false
";

fn distilled(stage: &Stage) -> anyhow::Result<Outcome> {
    if !run::is_installed("npm") {
        return Ok(Outcome::Skipped("`npm` is not installed".to_owned()));
    }
    let folder = stage.fly_folder().join("distilled");
    fs::create_dir_all(&folder)?;
    let checked_in = stage.fixture("fly-clients/distilled");
    for file in ["package.json", "package-lock.json", "drive.mjs"] {
        fs::copy(checked_in.join(file), folder.join(file))?;
    }
    let mut install = Command::new("npm");
    install
        .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
        .current_dir(&folder);
    run::quietly(&mut install)?;
    let mut client = Command::new("node");
    client.arg("drive.mjs").current_dir(&folder);
    prints(stage, client, DISTILLED)
}

fn flytrap(stage: &Stage) -> anyhow::Result<Outcome> {
    let headers = [
        "/usr/include/openssl/ssl.h",
        "/opt/homebrew/include/openssl/ssl.h",
    ];
    if !headers.iter().any(|header| Path::new(header).exists()) {
        let why = "the client needs OpenSSL's headers, in Debian `libssl-dev`";
        return Ok(Outcome::Skipped(why.to_owned()));
    }
    let target = stage.fly_folder().join("target");
    let mut build = run::cargo("build --quiet --locked --manifest-path");
    build
        .arg(stage.fixture("fly-clients/flytrap/Cargo.toml"))
        .arg("--target-dir")
        .arg(&target);
    run::quietly(&mut build)?;
    prints(
        stage,
        Command::new(target.join("debug/fly-client-flytrap")),
        FLYTRAP,
    )
}

/// The client says this of an emulator whose machines do nothing, and leaves none there.
fn prints(stage: &Stage, mut client: Command, expected: &str) -> anyhow::Result<Outcome> {
    let host = Host::start(stage, &["never_dials"])?;
    host.leads(&mut client);
    Program::run(client)?.succeeded()?.printed(expected)?;
    host.end()?;
    Ok(Outcome::Passed(String::new()))
}
