use serde_json::{Value, json};

use crate::stage::{machines, once};
use crate::{IMAGE, Stage};

#[tokio::test]
async fn a_machine_is_answered_before_it_boots() {
    let stage = Stage::new().await;
    let body = json!({"region": "lhr", "config": {
        "image": IMAGE, "init": {"exec": ["/bin/sleep", "inf"]}, "auto_destroy": true,
        "guest": {"cpu_kind": "shared", "cpus": 1, "memory_mb": 256, "gpus": null},
    }});
    let answer = stage.client.post(&machines(""), &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let headers = &answer.headers;
    assert_eq!(headers["content-type"], "application/json; charset=utf-8");
    assert!(headers.contains_key("fly-request-id"));

    let machine = answer.body();
    assert_eq!(machine["state"], "created");
    assert_eq!(machine["region"], "lhr");
    assert_eq!(machine["id"].as_str().map(str::len), Some(14));
    assert_eq!(machine["instance_id"].as_str().map(str::len), Some(26));
    assert!(machine["private_ip"].as_str().unwrap().starts_with("fdaa:"));
    let mut expected = body["config"].clone();
    expected["dns"] = json!({});
    expected["guest"].as_object_mut().unwrap().remove("gpus");
    assert_eq!(machine["config"], expected);
    assert_eq!(machine["image_ref"]["repository"], "app");
    let kinds = |event: &Value| (event["type"].clone(), event["status"].clone());
    let events: Vec<_> = machine["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(kinds)
        .collect();
    assert_eq!(
        events,
        [
            ("launch".into(), "created".into()),
            ("launch".into(), "pending".into())
        ]
    );
    assert_eq!(machine["events"][0].get("request"), Some(&Value::Null));
    assert_eq!(stage.emulator.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_name_of_a_live_machine_is_taken() {
    let stage = Stage::new().await;
    let id = stage.create(once("runner-1")).await;
    let answer = stage.client.post(&machines(""), &once("runner-1")).await;
    let expected = format!(
        "already_exists: unique machine name violation, \
         machine ID {id} already exists with name \"runner-1\""
    );
    assert_eq!(answer.parts(), (409, json!({"error": expected})));

    stage
        .client
        .delete(&machines(&format!("/{id}?force=true")))
        .await;
    stage.until_it_is(&id, "destroyed").await;
    let again = stage.create(once("runner-1")).await;
    assert_ne!(again, id);
    assert_eq!(stage.emulator.machines().len(), 2);
    assert_eq!(stage.emulator.live().len(), 1);
}

#[tokio::test]
async fn what_was_created_can_be_got_and_listed_and_destroyed() {
    let stage = Stage::new().await;
    let id = stage.create(once("runner-1")).await;
    stage.until_it_is(&id, "started").await;
    let got = stage.client.get(&machines(&format!("/{id}"))).await;
    assert_eq!(got.status, 200);
    assert_eq!(got.body()["name"], "runner-1");
    let listed = stage.client.get(&machines("")).await.body();
    assert_eq!(listed[0]["id"], *id);

    let destroyed = stage
        .client
        .delete(&machines(&format!("/{id}?force=true")))
        .await;
    assert_eq!(destroyed.parts(), (200, json!({"ok": true})));
    stage.until_it_is(&id, "destroyed").await;
    assert_eq!(stage.client.get(&machines("")).await.body(), json!([]));
    let deleted = stage.client.get(&machines("?include_deleted=true")).await;
    assert_eq!(deleted.body()[0]["state"], "destroyed");
    let got = stage.client.get(&machines(&format!("/{id}"))).await;
    assert_eq!(
        (got.status, got.body()["state"].clone()),
        (200, "destroyed".into())
    );
    assert_eq!(stage.emulator.violations(), Vec::<String>::new());
}
