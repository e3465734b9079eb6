use std::time::Duration;

use flame_fly_emulator::BootScript;
use serde_json::json;
use tokio::time::Instant;

use crate::Stage;
use crate::stage::{machines, once};

async fn wait(stage: &Stage, id: &str, query: &str) -> (u16, serde_json::Value) {
    let path = machines(&format!("/{id}/wait{query}"));
    stage.client.get(&path).await.parts()
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_when_the_machine_has_started() {
    let stage = Stage::with(|config| config.pull(Duration::from_secs(3))).await;
    let id = stage.create(once("runner-1")).await;
    let began = Instant::now();
    let (status, answer) = wait(&stage, &id, "?state=started&timeout=60").await;
    assert_eq!(
        (status, &answer["ok"], &answer["state"]),
        (200, &true.into(), &"started".into())
    );
    assert!(began.elapsed() >= Duration::from_secs(3));
    assert!(began.elapsed() < Duration::from_secs(4));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_too_long_tells_where_the_machine_is() {
    let stage = Stage::new().await;
    stage
        .emulator
        .set_boot(BootScript::stuck_created(Duration::from_secs(7200)));
    let id = stage.create(once("runner-1")).await;
    let began = Instant::now();
    let expected =
        "deadline_exceeded: machine failed to reach desired state, started, currently created";
    let answer = wait(&stage, &id, "?timeout=2").await;
    assert_eq!(answer, (408, json!({"error": expected})));
    assert!(began.elapsed() >= Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn a_wait_has_bounds() {
    let stage = Stage::new().await;
    let id = stage.create(once("runner-1")).await;
    let expected = "invalid_argument: invalid WaitMachineRequest.Timeout: \
                    value must be inside range [1s, 1m0s]";
    for timeout in ["0", "61", "120", "soon"] {
        let answer = wait(&stage, &id, &format!("?state=started&timeout={timeout}")).await;
        assert_eq!(answer, (400, json!({"error": expected})), "{timeout}");
    }
    assert_eq!(wait(&stage, &id, "?state=ready").await.0, 400);
}

#[tokio::test(start_paused = true)]
async fn several_states_can_be_waited_for() {
    let stage = Stage::new().await;
    let id = stage.create(once("runner-1")).await;
    for query in [
        "?state=stopped,started",
        "?state=stopped&state=started",
        "?state=settled",
        "",
    ] {
        let (status, answer) = wait(&stage, &id, query).await;
        assert_eq!(
            (status, &answer["state"]),
            (200, &"started".into()),
            "{query}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_destroys_itself_is_never_seen_stopped() {
    let stage = Stage::new().await;
    let id = stage.create(once("runner-1")).await;
    stage.until_it_is(&id, "started").await;
    let missing = (404, json!({"error": "not_found: machine not found"}));
    let stopped = wait(&stage, &id, "?state=failed&timeout=60");
    let (stopped, ended) = tokio::join!(stopped, async { stage.emulator.end_process(&id, 0) });
    assert!(ended);
    assert_eq!(stopped, missing);
    // That one is satisfied forever.
    for _ in 0..2 {
        let (status, answer) = wait(&stage, &id, "?state=destroyed").await;
        assert_eq!((status, &answer["state"]), (200, &"destroyed".into()));
    }
    assert_eq!(wait(&stage, &id, "?state=started").await, missing);
}

#[tokio::test(start_paused = true)]
async fn another_version_is_never_reached() {
    let stage = Stage::new().await;
    let id = stage.create(once("runner-1")).await;
    stage.until_it_is(&id, "started").await;
    let got = stage.client.get(&machines(&format!("/{id}"))).await.body();
    let version = got["instance_id"].as_str().unwrap();
    let (status, answer) = wait(&stage, &id, &format!("?version={version}")).await;
    assert_eq!((status, &answer["version"]), (200, &version.into()));
    assert_eq!(
        wait(&stage, &id, "?instance_id=01ABC&timeout=1").await.0,
        408
    );
}
