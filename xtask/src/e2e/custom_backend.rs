//! A backend that somebody else has written, with a server of SSH that is started for each session.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::check::{Check, Outcome};
use super::program::Program;
use super::stage::Stage;

const SSHD: &str = "/usr/sbin/sshd";

pub(super) const CHECKS: &[Check] = &[Check {
    name: "custom-backend runs a block over SSH",
    look: runs_over_ssh,
}];

fn runs_over_ssh(stage: &Stage) -> anyhow::Result<Outcome> {
    if !Path::new(SSHD).exists() {
        return Ok(Outcome::Skipped(format!("{SSHD} is not installed")));
    }
    let folder = tempfile::tempdir()?;
    let mut command = Command::new(stage.example("custom-backend")?);
    command
        .arg("--ssh-config")
        .arg(configure(folder.path())?)
        .arg("nowhere");
    let run = Program::run(command)?.succeeded()?;
    let numbers = run.stdout.split(|c: char| !c.is_ascii_digit());
    let numbers: Vec<u32> = numbers.filter_map(|number| number.parse().ok()).collect();
    let [there, here] = numbers[..] else {
        anyhow::bail!("it names no two processes{}", run.said());
    };
    ensure!(here == run.pid, "it is another process{}", run.said());
    ensure!(there != here, "the parent worked itself{}", run.said());
    Ok(Outcome::Passed(format!(
        "process {here} asked process {there}"
    )))
}

/// Keys, and the file that tells `ssh` of them and of its server.
fn configure(folder: &Path) -> anyhow::Result<std::path::PathBuf> {
    let at = |name: &str| folder.join(name).display().to_string();
    for key in ["host", "user"] {
        let mut keygen = Command::new("ssh-keygen");
        let keygen = keygen.args(["-q", "-t", "ed25519", "-N", "", "-f", &at(key)]);
        ensure!(keygen.status()?.success(), "ssh-keygen failed");
    }
    // One who starts it as root needs this folder, which a service manager would make; nobody else may make it.
    let _ = fs::create_dir_all("/run/sshd");
    let server = format!(
        "HostKey {}\nAuthorizedKeysFile {}\nPidFile none\nStrictModes no\nPasswordAuthentication no\n",
        at("host"),
        at("user.pub"),
    );
    fs::write(at("sshd_config"), server)?;
    let public = fs::read_to_string(at("host.pub")).context("ssh-keygen wrote no key")?;
    fs::write(at("known_hosts"), format!("nowhere {public}"))?;
    let client = format!(
        "IdentityFile {}\nIdentitiesOnly yes\nUserKnownHostsFile {}\nStrictHostKeyChecking yes\n\
         ProxyCommand {SSHD} -i -f {}\n",
        at("user"),
        at("known_hosts"),
        at("sshd_config"),
    );
    let file = folder.join("ssh_config");
    fs::write(&file, client)?;
    Ok(file)
}
