//! Machines that are processes.

use std::fs;
use std::path::Path;
use std::time::Duration;

use flame_fly_emulator::{BootScript, Emulator, Program};
use serde_json::{Value, json};

use crate::stage::{machines, once};
use crate::{IMAGE, Stage};

/// A machine that runs this in a shell.
fn script(text: &str) -> Value {
    let mut body = once("runner-1");
    body["config"]["init"] = json!({"exec": ["/bin/sh", "-c", text]});
    body
}

async fn stage() -> Stage {
    Stage::with(|config| {
        let program = Program::new("/bin/sh")
            .arg("-c")
            .arg("echo from the image")
            .pass("CARGO_PKG_NAME");
        config.image(IMAGE, program).secret("SECRET", "of the app")
    })
    .await
}

async fn says(stage: &Stage, id: &str, line: &str) {
    let has = |emulator: &Emulator| {
        let output = emulator.machine(id)?.output;
        output.iter().any(|said| said == line).then_some(())
    };
    stage.emulator.until(has).await;
}

async fn exit_of(stage: &Stage, id: &str) -> Value {
    let exit = |emulator: &Emulator| {
        let events = emulator.machine(id)?.events;
        events.into_iter().find(|event| event["type"] == "exit")
    };
    stage.emulator.until(exit).await["request"]["exit_event"].clone()
}

#[tokio::test]
async fn a_machine_runs_what_its_image_is_and_sees_what_it_should() {
    let stage = stage().await;
    let id = stage.create(once("runner-0")).await;
    says(&stage, &id, "out: from the image").await;

    let mut body = script("env >&2; cat $FLY_EMU_ROOT/etc/greeting");
    body["config"]["env"] = json!({"OWN": "of the machine"});
    body["config"]["guest"] = json!({"memory_mb": 512});
    body["config"]["files"] = json!([{"guest_path": "/etc/greeting", "raw_value": "aGVsbG8K"}]);
    let id = stage.create(body).await;
    stage.until_it_is(&id, "destroyed").await;
    says(&stage, &id, "out: hello").await;
    for line in [
        "err: SECRET=of the app".to_owned(),
        "err: OWN=of the machine".to_owned(),
        "err: CARGO_PKG_NAME=flame-fly-emulator".to_owned(),
        "err: FLY_PRIVATE_IP=127.0.0.1".to_owned(),
        "err: FLY_VM_MEMORY_MB=512".to_owned(),
        "err: FLY_APP_NAME=my-app".to_owned(),
        "err: FLY_REGION=iad".to_owned(),
        format!("err: FLY_IMAGE_REF={IMAGE}"),
        format!("err: FLY_MACHINE_ID={id}"),
    ] {
        says(&stage, &id, &line).await;
    }
    let output = stage.emulator.machine(&id).unwrap().output;
    let inherited = output
        .iter()
        .find(|line| line.contains("CARGO_MANIFEST_DIR"));
    assert_eq!(inherited, None);
}

#[tokio::test]
async fn the_end_of_a_process_is_the_end_of_its_machine() {
    let stage = stage().await;
    for code in [0, 3] {
        let id = stage.create(script(&format!("exit {code}"))).await;
        stage.until_it_is(&id, "destroyed").await;
        let exit = exit_of(&stage, &id).await;
        assert_eq!(
            (&exit["exit_code"], &exit["signal"]),
            (&code.into(), &(-1).into())
        );
        assert_eq!(exit["requested_stop"], false);
    }
    let id = stage.create(script("echo up; read never")).await;
    says(&stage, &id, "out: up").await;
    let id = stage
        .create(json!({"config": {"image": "registry.example/unheard-of"}}))
        .await;
    stage.until_it_is(&id, "destroyed").await;
    let history = stage.emulator.machine(&id).unwrap().history;
    let states: Vec<&str> = history.iter().map(|(state, _)| state.name()).collect();
    assert_eq!(
        states,
        [
            "created",
            "starting",
            "launch_failed",
            "destroying",
            "destroyed"
        ]
    );
}

#[tokio::test]
async fn a_destroyed_machine_leaves_no_process() {
    let stage = stage().await;
    let id = stage.create(script("sleep 600 & echo $!; wait")).await;
    stage.until_it_is(&id, "started").await;
    let child = stage.emulator.until(|emulator| {
        let output = emulator.machine(&id)?.output;
        Some(output.first()?.trim_start_matches("out: ").to_owned())
    });
    let child = child.await;
    let pid = stage.emulator.machine(&id).unwrap().pid.unwrap();
    assert!(runs(&pid.to_string()) && runs(&child));
    stage
        .client
        .delete(&machines(&format!("/{id}?force=true")))
        .await;
    stage.until_it_is(&id, "destroyed").await;
    gone(&pid.to_string()).await;
    gone(&child).await;
    let exit = exit_of(&stage, &id).await;
    assert_eq!(
        (&exit["signal"], &exit["requested_stop"]),
        (&9.into(), &true.into())
    );
}

#[tokio::test]
async fn a_dropped_emulator_leaves_no_process() {
    let stage = stage().await;
    let id = stage.create(script("echo up; exec sleep 600")).await;
    says(&stage, &id, "out: up").await;
    let pid = stage
        .emulator
        .machine(&id)
        .unwrap()
        .pid
        .unwrap()
        .to_string();
    drop(stage);
    gone(&pid).await;
}

// C27
#[tokio::test]
async fn a_stop_is_a_signal_and_then_another() {
    let stage = stage().await;
    let polite = "trap 'echo asked; exit 7' TERM; echo up; while :; do sleep 0.02; done";
    let deaf = "trap '' TERM; echo up; while :; do sleep 0.02; done";
    for (text, code, signal) in [(polite, 7, -1), (deaf, 137, 9)] {
        let id = stage.create(script(text)).await;
        says(&stage, &id, "out: up").await;
        let stop = json!({"signal": "SIGTERM", "timeout": "300ms"});
        stage
            .client
            .post(&machines(&format!("/{id}/stop")), &stop)
            .await;
        stage.until_it_is(&id, "destroyed").await;
        let exit = exit_of(&stage, &id).await;
        assert_eq!(
            (&exit["exit_code"], &exit["signal"]),
            (&code.into(), &signal.into())
        );
        assert_eq!(exit["requested_stop"], true);
    }
}

#[tokio::test]
async fn a_zombie_is_killed_in_the_end() {
    let stage = stage().await;
    stage.emulator.set_boot(BootScript::zombie());
    let mut body = script("echo up; exec sleep 600");
    body["config"]["stop_config"] = json!({"signal": "SIGTERM", "timeout": "200ms"});
    let id = stage.create(body).await;
    says(&stage, &id, "out: up").await;
    stage
        .client
        .send("POST", &machines(&format!("/{id}/stop")), "")
        .await
        .unwrap();
    stage.until_it_is(&id, "destroyed").await;
    assert_eq!(exit_of(&stage, &id).await["signal"], 9);
}

#[tokio::test]
async fn a_machine_can_be_frozen_and_killed_from_behind() {
    let stage = stage().await;
    // One process: a shell that waits for its child to start does not stop if that child was stopped before.
    let id = stage.create(script("echo up; exec sleep 3600")).await;
    says(&stage, &id, "out: up").await;
    let pid = stage
        .emulator
        .machine(&id)
        .unwrap()
        .pid
        .unwrap()
        .to_string();
    assert!(stage.emulator.partition(&id));
    until(|| state_of(&pid) == Some('T')).await;
    assert!(stage.emulator.heal(&id));
    until(|| state_of(&pid) != Some('T')).await;
    assert!(stage.emulator.kill_process(&id, 9));
    stage.until_it_is(&id, "destroyed").await;
    assert!(!stage.emulator.kill_process(&id, 9));
    assert_eq!(exit_of(&stage, &id).await["requested_stop"], false);
}

/// The letter that the system has for what a process does.
fn state_of(pid: &str) -> Option<char> {
    let stat = fs::read_to_string(Path::new("/proc").join(pid).join("stat")).ok()?;
    stat.rsplit(") ").next()?.chars().next()
}

pub(crate) fn runs(pid: &str) -> bool {
    !matches!(state_of(pid), None | Some('Z' | 'X'))
}

pub(crate) async fn gone(pid: &str) {
    until(|| !runs(pid)).await;
}

/// Nobody tells of processes that are not one's own children and of what they write, so this has to look.
pub(crate) async fn until(is_so: impl Fn() -> bool) {
    let looking = async {
        let mut often = tokio::time::interval(Duration::from_millis(5));
        while !is_so() {
            often.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), looking)
        .await
        .unwrap();
}
