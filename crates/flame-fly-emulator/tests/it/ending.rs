use std::time::Duration;

use flame_fly_emulator::{BootScript, DESTROY_AGAIN};
use serde_json::json;

use crate::stage::{machines, once};
use crate::{IMAGE, Stage};

#[tokio::test(start_paused = true)]
async fn what_runs_is_only_destroyed_by_force() {
    let stage = Stage::new().await;
    let id = stage.create(once("runner-1")).await;
    stage.until_it_is(&id, "started").await;
    let expected = "failed_precondition: unable to destroy machine, \
                    not currently stopped, suspended, failed or created";
    let path = machines(&format!("/{id}"));
    let refused = stage.client.delete(&path).await;
    assert_eq!(refused.parts(), (412, json!({"error": expected})));
    let killed = stage.client.delete(&format!("{path}?kill=true")).await;
    assert_eq!(killed.parts(), (200, json!({"ok": true})));
    stage.until_it_is(&id, "destroyed").await;
}

#[tokio::test(start_paused = true)]
async fn what_is_destroyed_can_be_destroyed_again_for_a_while() {
    let stage = Stage::new().await;
    let id = stage.create(once("runner-1")).await;
    let path = machines(&format!("/{id}?force=true"));
    assert_eq!(stage.client.delete(&path).await.status, 200);
    assert_eq!(stage.client.delete(&path).await.status, 200);
    stage.until_it_is(&id, "destroyed").await;
    assert_eq!(stage.client.delete(&path).await.status, 200);
    tokio::time::advance(DESTROY_AGAIN).await;
    assert_eq!(stage.client.delete(&path).await.status, 404);
}

#[tokio::test(start_paused = true)]
async fn a_get_may_be_behind_the_end() {
    let lag = Duration::from_secs(2);
    let stage = Stage::with(|config| config.destroying_shown_for(lag)).await;
    let id = stage.create(once("runner-1")).await;
    let path = machines(&format!("/{id}"));
    stage.client.delete(&format!("{path}?force=true")).await;
    let waited = stage
        .client
        .get(&format!("{path}/wait?state=destroyed"))
        .await;
    assert_eq!(waited.body()["state"], "destroyed");
    assert_eq!(stage.client.get(&path).await.body()["state"], "destroying");
    tokio::time::advance(lag).await;
    assert_eq!(stage.client.get(&path).await.body()["state"], "destroyed");
}

#[tokio::test(start_paused = true)]
async fn what_is_stopped_can_be_started_and_what_is_not_cannot() {
    let stage = Stage::new().await;
    stage
        .emulator
        .next_boot(BootScript::slow(Duration::from_secs(5)));
    let body = json!({"config": {"image": IMAGE, "restart": {"policy": "no"}}});
    let id = stage.create(body).await;
    let path = machines(&format!("/{id}"));
    let start = async || {
        stage
            .client
            .send("POST", &format!("{path}/start"), "")
            .await
            .unwrap()
            .parts()
    };
    stage.until_it_is(&id, "starting").await;
    let expected = "failed_precondition: unable to start machine from current state: 'starting'";
    assert_eq!(start().await, (412, json!({"error": expected})));
    stage.until_it_is(&id, "started").await;
    let expected = "failed_precondition: machine still active, refusing to start";
    assert_eq!(start().await, (412, json!({"error": expected})));

    let stop = async || {
        stage
            .client
            .send("POST", &format!("{path}/stop"), "")
            .await
            .unwrap()
            .parts()
    };
    assert_eq!(stop().await, (200, json!({"ok": true})));
    stage.until_it_is(&id, "stopped").await;
    assert_eq!(stop().await, (200, json!({"ok": true})));

    let started = json!({"previous_state": "stopped", "migrated": false, "new_host": ""});
    assert_eq!(start().await, (200, started));
    stage.until_it_is(&id, "started").await;
    assert_eq!(stage.emulator.violations(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn what_is_not_launched_waits_for_its_start() {
    let stage = Stage::new().await;
    let body = json!({"skip_launch": true, "config": {"image": IMAGE}});
    let id = stage.create(body).await;
    let path = machines(&format!("/{id}"));
    let waited = stage.client.get(&format!("{path}/wait?timeout=5")).await;
    assert_eq!(waited.status, 408);
    let started = stage
        .client
        .send("POST", &format!("{path}/start"), "")
        .await
        .unwrap();
    assert_eq!(started.body()["previous_state"], "created");
    stage.until_it_is(&id, "started").await;
}

#[tokio::test(start_paused = true)]
async fn a_machine_is_started_again_as_its_policy_says() {
    let stage = Stage::new().await;
    let with = |policy: serde_json::Value| json!({"config": {"image": IMAGE, "restart": policy}});
    let end_with = async |policy: serde_json::Value, code: i32| {
        let id = stage.create(with(policy)).await;
        stage.until_it_is(&id, "started").await;
        stage.emulator.end_process(&id, code);
        let ended = |emulator: &flame_fly_emulator::Emulator| {
            let events = emulator.machine(&id)?.events;
            events.into_iter().find(|event| event["type"] == "exit")
        };
        let exit = stage.emulator.until(ended).await;
        exit["request"]["exit_event"]["restarting"]
            .as_bool()
            .unwrap()
    };
    assert!(!end_with(json!({"policy": "no"}), 1).await);
    assert!(end_with(json!({"policy": "always"}), 0).await);
    assert!(end_with(json!({"policy": "on-failure"}), 1).await);
    assert!(!end_with(json!({"policy": "on-failure"}), 0).await);
    // What nobody says is the harmful one.
    assert!(end_with(json!({}), 1).await);
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_always_fails_is_left_alone_in_the_end() {
    let stage = Stage::new().await;
    stage.emulator.set_boot(BootScript::exits(1));
    let id = stage.create(json!({"config": {"image": IMAGE}})).await;
    stage.until_it_is(&id, "failed").await;
    let events = stage.emulator.machine(&id).unwrap().events;
    let exits = events
        .iter()
        .filter(|event| event["type"] == "exit")
        .count();
    assert_eq!(exits, 11);
}

#[tokio::test(start_paused = true)]
async fn an_end_is_told_a_while_after_it_came() {
    let delay = Duration::from_secs(2);
    let stage = Stage::with(|config| config.exit_delay(delay)).await;
    let id = stage.create(once("runner-1")).await;
    stage.until_it_is(&id, "started").await;
    let start = tokio::time::Instant::now();
    assert!(stage.emulator.run_out_of_memory(&id));
    stage.until_it_is(&id, "destroyed").await;
    assert!(start.elapsed() >= delay, "{start:?}");
    let events = stage.emulator.machine(&id).unwrap().events;
    let exit = events.iter().find(|event| event["type"] == "exit").unwrap();
    assert_eq!(exit["request"]["exit_event"]["oom_killed"], true);
}
