use serde_json::json;

use crate::Stage;
use crate::stage::{machines, once};

#[tokio::test]
async fn metadata_is_read_and_changed_key_by_key() {
    let stage = Stage::new().await;
    let mut body = once("runner-1");
    body["config"]["metadata"] = json!({"a": "1", "b": "2"});
    let id = stage.create(body).await;
    let path = machines(&format!("/{id}/metadata"));
    let all = async || stage.client.get(&path).await.parts();
    assert_eq!(all().await, (200, json!({"a": "1", "b": "2"})));
    let one = stage.client.get(&format!("{path}/a")).await;
    assert_eq!(one.parts(), (200, json!({"value": "1"})));
    assert_eq!(stage.client.get(&format!("{path}/c")).await.status, 404);

    let set = stage
        .client
        .post(&format!("{path}/c"), &json!({"value": "3"}))
        .await;
    assert_eq!((set.status, set.text.as_str()), (204, ""));
    assert_eq!(stage.client.delete(&format!("{path}/a")).await.status, 204);
    assert_eq!(all().await, (200, json!({"b": "2", "c": "3"})));

    let patch = json!({"metadata": {"b": null, "c": "", "d": "4"}}).to_string();
    for method in ["PATCH", "PUT"] {
        let patched = stage.client.send(method, &path, &patch).await.unwrap();
        assert_eq!(patched.status, 204);
    }
    assert_eq!(all().await, (200, json!({"d": "4"})));
    let stale = json!({"metadata": {}, "machine_version": "01OLD"}).to_string();
    let stale = stage.client.send("PATCH", &path, &stale).await.unwrap();
    assert_eq!(stale.status, 412);
    assert_eq!(stage.emulator.violations(), Vec::<String>::new());
}
