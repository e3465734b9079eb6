//! Runners that are Fly Machines: the example with the real backend, against the emulator, whose machines are
//! processes.

mod clients;
mod host;
mod journal;

use std::fs;
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::check::{Check, Outcome};
use super::ended::Ended;
use super::program::Program;
use super::stage::Stage;
use super::thumbnails::Made;
use host::{Host, TOKEN, VALUE};

pub(super) use clients::CHECKS as CLIENTS;

/// The machine that the parent runs in, and another one.
const MACHINE: &str = "4d89012c7e5d81";
const ANOTHER: &str = "185712b3a4c5d6";

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "fly: thumbnails makes the shipped pictures small in machines, and leaves none",
        look: |stage| makes_pictures(stage, &[], None),
    },
    Check {
        name: "fly: a machine whose creation was not heard of is made once",
        look: |stage| makes_pictures(stage, &["lost_create"], Some(409)),
    },
    Check {
        name: "fly: too many requests delay pictures",
        look: |stage| makes_pictures(stage, &["rate_storm:2"], Some(429)),
    },
    Check {
        name: "fly: a machine that is never started is replaced",
        look: a_machine_that_is_stuck_is_replaced,
    },
    Check {
        name: "fly: the caller is told that machines are never started",
        look: |stage| {
            tells(
                stage,
                "stuck_created:1h",
                "8s",
                "not started within the time",
            )
        },
    },
    Check {
        name: "fly: the caller is told how machines end that do not serve",
        look: |stage| tells(stage, "boots_then_exits:3", "6s", "exit code 3"),
    },
    Check {
        name: "fly: the caller is told of an image that cannot be pulled",
        look: |stage| {
            tells(
                stage,
                "pull_fails",
                "6s",
                "starts no machine whose image it cannot pull",
            )
        },
    },
    Check {
        name: "fly: flame.toml names the backend and what machines are like",
        look: as_the_file_says,
    },
    Check {
        name: "fly: the example to deploy runs its calls in machines",
        look: runs_in_machines,
    },
    // C29
    Check {
        name: "fly: a runner whose parent was killed before it heard of it ends itself",
        look: a_runner_without_a_parent_ends_itself,
    },
    // C30
    Check {
        name: "fly: what a killed parent never heard of is ended by its successor",
        look: |stage| leftovers_are_swept(stage, MACHINE),
    },
    // C30, C31
    Check {
        name: "fly: what a killed parent never heard of is ended by another one at the second sight",
        look: |stage| leftovers_are_swept(stage, ANOTHER),
    },
];

/// The pictures are made although one request for a machine, if this is said, was refused so.
fn makes_pictures(stage: &Stage, faults: &[&str], refused: Option<u16>) -> anyhow::Result<Outcome> {
    let host = Host::start(stage, faults)?;
    let mut command = host.thumbnails(MACHINE, &stage.pictures());
    command
        .args(["--backend", "fly"])
        .env_remove("FLAME_BACKEND");
    all_pictures_are_made(&host, command)?;
    let journal = host.journal()?;
    let mut requests = journal.requests("POST", "/machines");
    ensure!(
        refused.is_none() || requests.any(|request| request.status == refused),
        "nothing went wrong"
    );
    let machines = journal.ids().len();
    host.end()?;
    Ok(Outcome::Passed(format!("{machines} machines")))
}

fn a_machine_that_is_stuck_is_replaced(stage: &Stage) -> anyhow::Result<Outcome> {
    let host = Host::start(stage, &["stuck_created:1h*1"])?;
    let mut command = host.thumbnails(MACHINE, &stage.pictures());
    command
        .args(["--max", "1"])
        .env("FLAME_POOLS__THUMBNAILS__BOOT_TIMEOUT", "5s");
    all_pictures_are_made(&host, command)?;
    let machines = host.journal()?.ids().len();
    ensure!(machines == 2, "there were {machines} machines");
    host.end()?;
    Ok(Outcome::Passed(String::new()))
}

/// Runs it, and looks at what it has made, and that not it but machines have.
fn all_pictures_are_made(host: &Host, command: Command) -> anyhow::Result<()> {
    let ended = Program::run(command)?.succeeded()?;
    let out = host.out();
    let made = Made::read(&ended, &out)?;
    made.is_all_of_the_shipped()?;
    ensure!(
        !made.processes.contains(&ended.pid),
        "the parent worked itself{}",
        ended.said()
    );
    let journal = host.journal()?;
    let came = ended
        .stderr
        .lines()
        .filter_map(|line| line.split_once("is up as machine "));
    for (_, machine) in came {
        ensure!(
            journal.has_been(machine, "started"),
            "{machine} is none of the emulator's{}",
            ended.said()
        );
    }
    keeps_secrets(&ended)
}

fn keeps_secrets(ended: &Ended) -> anyhow::Result<()> {
    for secret in [TOKEN, VALUE] {
        ensure!(!ended.said().contains(secret), "it shows {secret}");
    }
    Ok(())
}

/// Nothing can be made of the picture within `patience`, and the program says why.
fn tells(stage: &Stage, fault: &str, patience: &str, cause: &str) -> anyhow::Result<Outcome> {
    let host = Host::start(stage, &[fault])?;
    let mut command = host.thumbnails(MACHINE, &stage.pictures().join("rocket.jpg"));
    command
        .args(["--log", "trace"])
        .env("FLAME_POOLS__THUMBNAILS__BOOT_TIMEOUT", "5s")
        .env("FLAME_POOLS__THUMBNAILS__TIMEOUT", patience);
    let ended = Program::run(command)?.ended_with(1)?;
    let told = ended
        .stdout
        .lines()
        .find(|line| line.contains("rocket.jpg"));
    ensure!(
        told.is_some_and(|line| line.contains(cause)),
        "it does not say {cause:?}{}",
        ended.said()
    );
    keeps_secrets(&ended)?;
    host.end()?;
    Ok(Outcome::Passed(String::new()))
}

fn as_the_file_says(stage: &Stage) -> anyhow::Result<Outcome> {
    let host = Host::start(stage, &[])?;
    let file = "\
        backend = \"fly\"\n\
        [fly]\n\
        region = [\"lhr\", \"eu\", \"any\"]\n\
        cpu_kind = \"shared\"\n\
        cpus = 4\n\
        memory_mb = 1024\n\
        metadata = { team = \"pictures\" }\n";
    fs::write(host.folder().join("flame.toml"), file)?;
    let mut command = host.thumbnails(MACHINE, &stage.pictures());
    command.env_remove("FLAME_BACKEND");
    all_pictures_are_made(&host, command)?;
    let journal = host.journal()?;
    let created = journal.requests("POST", "/machines").next();
    let body = created.and_then(|created| created.body.as_ref());
    let body = body.context("no machine was asked for")?;
    let (config, guest) = (&body["config"], &body["config"]["guest"]);
    ensure!(
        body["region"] == "lhr,eu,any"
            && config["metadata"]["team"] == "pictures"
            && guest["cpu_kind"] == "shared"
            && guest["cpus"] == 4
            && guest["memory_mb"] == 1024,
        "asked for was {body}"
    );
    host.end()?;
    Ok(Outcome::Passed(String::new()))
}

fn runs_in_machines(stage: &Stage) -> anyhow::Result<Outcome> {
    let host = Host::of(stage, &stage.on_fly()?.to_deploy, &[])?;
    let ended = Program::run(host.parent(MACHINE))?.succeeded()?;
    let journal = host.journal()?;
    let ran = ended.stdout.lines().filter_map(|line| {
        let (_, place) = line.split_once(" ran in machine ")?;
        place.strip_suffix(" in iad")
    });
    let ran: Vec<&str> = ran.collect();
    let is_all = ran.len() == 6 && ended.stdout.ends_with("every machine is gone\n");
    let are_machines = ran.iter().all(|id| journal.has_been(id, "started"));
    ensure!(is_all && are_machines, "that is not so{}", ended.said());
    host.end()?;
    Ok(Outcome::Passed(String::new()))
}

/// The machine of a parent that was killed after it had asked for it, and before the answer.
fn kill_between_create_and_answer(stage: &Stage, host: &Host) -> anyhow::Result<String> {
    let mut command = host.thumbnails(MACHINE, &stage.pictures().join("rocket.jpg"));
    command
        .args(["--max", "1"])
        .env("FLAME_POOLS__THUMBNAILS__BOOT_TIMEOUT", "3s");
    let mut parent = Program::start(command)?;
    let id = host.wait_for("there is a machine", |journal| {
        journal.ids().first().map(|id| (*id).to_owned())
    })?;
    parent.kill_parent()?;
    let journal = host.journal()?;
    ensure!(
        journal.requests("POST", "/machines").next().is_none(),
        "the parent has heard of its machine"
    );
    Ok(id)
}

fn a_runner_without_a_parent_ends_itself(stage: &Stage) -> anyhow::Result<Outcome> {
    let host = Host::start(stage, &["held_create:1h"])?;
    let id = kill_between_create_and_answer(stage, &host)?;
    host.wait_for("it is gone", |journal| {
        journal.has_been(&id, "destroyed").then_some(())
    })?;
    let journal = host.journal()?;
    ensure!(
        journal.has_been(&id, "started") && !journal.was_told_to_go(&id),
        "it did not end by itself"
    );
    host.end()?;
    Ok(Outcome::Passed(String::new()))
}

/// What never calls back and has nobody is ended by the next parent, while that does its own work.
fn leftovers_are_swept(stage: &Stage, next: &str) -> anyhow::Result<Outcome> {
    let faults = ["held_create:1h", "never_dials*1", "slow_boot:4s"];
    let host = Host::start(stage, &faults)?;
    let id = kill_between_create_and_answer(stage, &host)?;
    let mut command = host.thumbnails(next, &stage.pictures());
    command.env("FLAME_FLY__REAP_EVERY", "1s");
    all_pictures_are_made(&host, command)?;
    let journal = host.journal()?;
    ensure!(journal.was_told_to_go(&id), "nobody ended {id}");
    let lists = journal.sweeps_until_the_end_of(&id);
    let is_right = if next == MACHINE {
        lists == 1
    } else {
        lists >= 2
    };
    ensure!(is_right, "it was ended after {lists} sweeps");
    host.end()?;
    Ok(Outcome::Passed(format!("sweeps until then: {lists}")))
}
