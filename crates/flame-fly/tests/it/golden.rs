//! The request that creates a machine, field by field.

use flame_core::backend::{Backend, BootRequest, ParentText};
use flame_fly_emulator::Route;
use serde_json::{Value, json};

use crate::stage::{Stage, request};

/// What the original sends with its defaults on a parent with two processors, with values of our own. It differs
/// in two things on purpose: it sends `null` where we send nothing, and a variable that only its own web server
/// knows.
fn original(name: &str) -> Value {
    json!({
        "name": name,
        "region": "iad",
        "config": {
            "image": "registry.example/my-app:1",
            "init": {},
            "guest": {"cpu_kind": "performance", "cpus": 2, "memory_mb": 4096},
            "auto_destroy": true,
            "restart": {"policy": "no"},
            "env": {"FLAME_PARENT": "what a runner is told"},
            "services": [],
            "metadata": {"flame_parent_ip": "127.0.0.1"}
        }
    })
}

/// Whether everything in one is in the other. Objects may have more.
fn missing(wanted: &Value, sent: &Value, path: &str) -> Vec<String> {
    match (wanted, sent) {
        (Value::Object(wanted), Value::Object(sent)) => wanted
            .iter()
            .flat_map(|(key, value)| {
                let sent = sent.get(key).unwrap_or(&Value::Null);
                missing(value, sent, &format!("{path}.{key}"))
            })
            .collect(),
        (wanted, sent) if wanted == sent => Vec::new(),
        (wanted, sent) => vec![format!("{path}: {sent} instead of {wanted}")],
    }
}

fn told() -> BootRequest {
    BootRequest {
        parent: ParentText::new("what a runner is told"),
        ..request()
    }
}

// C1
#[tokio::test]
async fn a_create_is_the_originals_and_more() {
    let stage = Stage::new().await;
    let request = told();
    stage.create(&request).await.unwrap();

    let created = stage.requests(Route::Create);
    assert_eq!(created.len(), 1);
    assert_eq!(created[0].path, "/v1/apps/my-app/machines");
    assert_eq!(created[0].headers["content-type"], "application/json");
    let body = created[0].body.as_ref().unwrap();
    let missing = missing(&original(request.name.as_str()), body, "body");
    assert_eq!(missing, [""; 0]);

    stage.backend.destroy(&request.name).await.unwrap();
    stage.ends_clean();
}

#[tokio::test]
async fn what_is_more_than_the_original_is_this_and_nothing_else() {
    let stage = Stage::new().await;
    let request = told();
    stage.create(&request).await.unwrap();

    let mut body = stage.requests(Route::Create)[0].body.clone().unwrap();
    let config = body["config"].as_object_mut().unwrap();
    let stop = config.remove("stop_config").unwrap();
    assert_eq!(stop, json!({"signal": "SIGTERM", "timeout": "30s"}));
    let metadata = config["metadata"].as_object_mut().unwrap();
    let keys: Vec<String> = metadata.keys().cloned().collect();
    assert_eq!(
        keys,
        [
            "flame",
            "flame_boot",
            "flame_labels",
            "flame_parent",
            "flame_parent_app",
            "flame_parent_boot",
            "flame_parent_ip",
            "flame_parent_machine",
            "flame_parent_process",
            "flame_pool",
        ]
    );
    metadata.retain(|key, _| key == "flame_parent_ip");
    assert_eq!(body, original(request.name.as_str()));
    stage.backend.destroy(&request.name).await.unwrap();
}
