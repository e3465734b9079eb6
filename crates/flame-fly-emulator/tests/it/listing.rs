use std::time::Duration;

use serde_json::{Value, json};

use crate::stage::{machines, once};
use crate::{IMAGE, Stage};

async fn names(stage: &Stage, query: &str) -> Vec<String> {
    let answer = stage.client.get(&machines(query)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let name = |machine: &Value| machine["name"].as_str().unwrap().to_owned();
    answer.body().as_array().unwrap().iter().map(name).collect()
}

#[tokio::test]
async fn metadata_is_matched_exactly_and_all_of_it() {
    let stage = Stage::new().await;
    let odd = "a:b%c&d+e f";
    for (name, metadata) in [
        ("one", json!({"flame": "1", "pool": odd})),
        ("two", json!({"flame": "1", "pool": "a"})),
        ("three", json!({"other": "1"})),
    ] {
        stage
            .create(json!({"name": name, "config": {"image": IMAGE, "metadata": metadata}}))
            .await;
    }
    assert_eq!(names(&stage, "?metadata.flame=1").await, ["one", "two"]);
    let encoded = "?metadata.flame=1&metadata.pool=a%3Ab%25c%26d%2Be%20f";
    assert_eq!(names(&stage, encoded).await, ["one"]);
    assert!(names(&stage, "?metadata.pool=").await.is_empty());
    assert!(names(&stage, "?metadata.missing=1").await.is_empty());
    assert_eq!(names(&stage, "").await.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_new_machine_may_be_missing_in_lists_but_not_elsewhere() {
    let delay = Duration::from_millis(500);
    let stage = Stage::with(|config| config.replication_delay(delay)).await;
    let id = stage.create(once("runner-1")).await;
    assert!(names(&stage, "").await.is_empty());
    assert_eq!(
        stage.client.get(&machines(&format!("/{id}"))).await.status,
        200
    );
    assert_eq!(
        stage
            .client
            .post(&machines(""), &once("runner-1"))
            .await
            .status,
        409
    );
    tokio::time::advance(delay).await;
    assert_eq!(names(&stage, "").await, ["runner-1"]);
}

#[tokio::test]
async fn lists_can_be_narrowed_and_shortened() {
    let stage = Stage::new().await;
    for (name, region) in [("here", "iad"), ("there", "lhr")] {
        let mut body = once(name);
        body["region"] = region.into();
        let id = stage.create(body).await;
        stage.until_it_is(&id, "started").await;
    }
    assert_eq!(names(&stage, "?region=lhr").await, ["there"]);
    assert_eq!(
        names(&stage, "?state=created,stopped").await,
        Vec::<String>::new()
    );
    assert_eq!(names(&stage, "?state=created,started").await.len(), 2);
    let summary = stage.client.get(&machines("?summary=true")).await.body();
    for missing in ["config", "checks", "events", "host_status", "nonce"] {
        assert_eq!(summary[0].get(missing), None, "{missing}");
    }
}

#[tokio::test]
async fn little_is_known_of_machines_on_hosts_that_cannot_be_reached() {
    let stage = Stage::new().await;
    let id = stage.create(once("runner-1")).await;
    stage.emulator.set_reachable(&id, false);
    let got = stage.client.get(&machines(&format!("/{id}"))).await.body();
    assert_eq!(got["host_status"], "unreachable");
    assert_eq!(got.get("config"), None);
    assert_eq!(got["incomplete_config"]["image"], IMAGE);
    assert_eq!(stage.emulator.violations(), Vec::<String>::new());
}
