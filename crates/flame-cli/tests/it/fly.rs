use std::process::Command;

use flame_fly_emulator::{Emulator, EmulatorConfig, Program};

use serde_json::{Value, json};

use crate::command::{app, flame, outcome, steps};

const APP: &str = "my-app";
const IMAGE: &str = "registry.example/my-app:1";
const TOKEN: &str = "fm2_canarytoken,fm2_canarydischarge";

async fn emulator(program: Program) -> Emulator {
    let config = EmulatorConfig::new(APP).token(TOKEN).image(IMAGE, program);
    Emulator::start(config).await.unwrap()
}

/// As in a machine of the app.
fn on_fly(command: &mut Command, emulator: &Emulator, machine: &str) {
    command
        .env("FLY_API_TOKEN", TOKEN)
        .env("FLY_APP_NAME", APP)
        .env("FLY_IMAGE_REF", IMAGE)
        .env("FLY_REGION", "iad")
        .env("FLY_MACHINE_ID", machine)
        .env("FLAME_FLY__PARENT_IP", "127.0.0.1")
        .env("FLAME_FLY__CPUS", "1")
        .env("FLAME_FLY__HOST", emulator.base_url());
}

/// A machine as another process would have made it.
async fn machine(emulator: &Emulator, name: &str, metadata: Value) -> String {
    let guest = json!({"cpu_kind": "shared", "cpus": 1, "memory_mb": 256});
    let config = json!({"image": IMAGE, "guest": guest, "metadata": metadata});
    let body = json!({"name": name, "region": "iad", "config": config}).to_string();
    let mut curl = Command::new("curl");
    curl.args(["-sf", "-X", "POST", "-d", &body])
        .args(["-H", &format!("Authorization: FlyV1 {TOKEN}")])
        .arg(format!("{}/v1/apps/{APP}/machines", emulator.base_url()));
    let (vm, said, _) = run(curl).await;
    let vm: Value = serde_json::from_str(&vm).unwrap_or_else(|error| panic!("{error}: {vm}{said}"));
    vm["id"].as_str().unwrap().to_owned()
}

/// What a runner of this parent carries.
fn runner_of(parent: &str) -> Value {
    json!({
        "flame": "1", "flame_boot": "n", "flame_pool": "thumbs", "flame_labels": "flame_pool",
        "flame_parent_boot": "a life", "flame_parent_app": APP, "flame_parent_machine": parent
    })
}

/// Runs the command beside the emulator, which lives on this runtime.
async fn run(mut command: Command) -> (String, String, Option<i32>) {
    tokio::task::spawn_blocking(move || outcome(&mut command))
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_boots_a_machine_makes_a_call_and_leaves_none() {
    let emulator = emulator(Program::new(app())).await;
    let mut doctor = flame();
    on_fly(&mut doctor, &emulator, "4d89012c7e5d81");
    doctor
        .args(["doctor", "--backend", "fly", "--json", "--"])
        .arg(app());
    let (report, said, code) = run(doctor).await;
    assert_eq!(code, Some(0), "{report}{said}");
    assert!(
        steps(&report)
            .iter()
            .all(|(_, verdict)| verdict == "passed"),
        "{report}"
    );
    assert!(!report.contains("canary"), "a secret: {report}");
    assert_eq!(emulator.live().len(), 0);
    assert_eq!(emulator.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_for_fly_sends_no_request_and_shows_the_one_that_it_would_send() {
    let emulator = emulator(Program::Pretended).await;
    let mut doctor = flame();
    on_fly(&mut doctor, &emulator, "4d89012c7e5d81");
    doctor
        .args(["doctor", "--dry-run", "--backend", "fly", "--"])
        .arg(app())
        .env("FLAME_FLY__ENV__SECRET", "canary");
    let (text, _, code) = run(doctor).await;
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("/v1/apps/my-app/machines"), "{text}");
    assert!(text.contains("\"SECRET\": \"(not shown)\""), "{text}");
    assert!(text.contains(IMAGE) && !text.contains("canary"), "{text}");
    assert_eq!(emulator.journal().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_refused_fails_the_step_that_asks_for_permission() {
    let emulator = emulator(Program::Pretended).await;
    let mut doctor = flame();
    on_fly(&mut doctor, &emulator, "4d89012c7e5d81");
    doctor
        .args(["doctor", "--backend", "fly", "--json", "--"])
        .arg(app())
        .env("FLY_API_TOKEN", "fm2_another");
    let (report, _, code) = run(doctor).await;
    assert_eq!(code, Some(1), "{report}");
    let last = steps(&report).pop();
    assert_eq!(
        last,
        Some(("permission".into(), "failed".into())),
        "{report}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_parent_is_listed_and_reaped_and_nothing_else() {
    let emulator = emulator(Program::Pretended).await;
    let own = machine(&emulator, "parent", json!({})).await;
    let stray = machine(&emulator, "thumbs-1-1", runner_of("0000000000")).await;
    let kept = machine(&emulator, "thumbs-1-2", runner_of(&own)).await;
    let fly = |arguments: &[&str]| {
        let mut command = flame();
        command
            .env("FLY_API_TOKEN", TOKEN)
            .env("FLAME_FLY__HOST", emulator.base_url())
            .arg("fly")
            .args(arguments)
            .args(["--app", APP]);
        command
    };

    let (table, said, code) = run(fly(&["ps"])).await;
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(
        table.lines().count(),
        3,
        "a head and two machines:\n{table}"
    );
    assert!(
        table.contains("none: its parent's machine is gone"),
        "{table}"
    );
    let ages: Vec<_> = table
        .lines()
        .map(|line| line.split_whitespace().nth(2))
        .collect();
    let is_new = |age: &Option<&str>| age.is_some_and(|age| age.ends_with('s'));
    assert_eq!(ages[0], Some("AGE"));
    assert!(ages[1..].iter().all(is_new), "{table}");
    let (lines, _, _) = run(fly(&["ps", "--json"])).await;
    for line in lines.lines() {
        let listed: Value = serde_json::from_str(line).unwrap();
        let created_at = listed["created_at"].as_str().unwrap_or_default();
        assert!(
            created_at.starts_with("20") && created_at.ends_with('Z'),
            "{line}"
        );
    }
    let (lines, _, _) = run(fly(&["reap", "--dry-run", "--json"])).await;
    assert!(lines.contains(&stray) && !lines.contains(&kept), "{lines}");
    let (table, _, _) = run(fly(&["ps", "--pool", "others"])).await;
    assert_eq!(table, "nothing of flame's in my-app\n");

    let (text, said, code) = run(fly(&["reap"])).await;
    assert_eq!(code, Some(0), "{text}{said}");
    assert_eq!(text, format!("ended {stray} (thumbs-1-1)\n"));
    let (text, said, code) = run(fly(&["reap", "--all"])).await;
    assert_eq!(code, Some(0), "{text}{said}");
    assert_eq!(text, format!("ended {kept} (thumbs-1-2)\n"));
    let left: Vec<String> = emulator.live().into_iter().map(|vm| vm.id).collect();
    assert_eq!(left, [own]);
}

#[test]
fn no_token_and_no_answer_have_codes_of_their_own() {
    let (_, said, code) = outcome(flame().args(["fly", "ps", "--app", APP]));
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("fly tokens create"), "{said}");

    let mut ps = flame();
    ps.args(["fly", "ps", "--app", APP])
        .env("FLY_API_TOKEN", TOKEN)
        .env("FLAME_FLY__HOST", "http://127.0.0.1:1");
    let (_, said, code) = outcome(&mut ps);
    assert_eq!(code, Some(5), "{said}");
}
