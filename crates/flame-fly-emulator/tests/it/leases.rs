use std::time::Duration;

use serde_json::{Value, json};

use crate::Stage;
use crate::stage::{machines, once};

#[tokio::test(start_paused = true)]
async fn who_holds_no_lease_changes_nothing() {
    let stage = Stage::new().await;
    let id = stage.create(once("runner-1")).await;
    stage.until_it_is(&id, "started").await;
    let path = machines(&format!("/{id}"));
    let none = stage.client.get(&format!("{path}/lease")).await;
    assert_eq!(none.status, 404);

    let lease = stage
        .client
        .post(&format!("{path}/lease"), &json!({"ttl": 30}))
        .await;
    assert_eq!(lease.status, 201);
    let lease = lease.body();
    assert_eq!(lease["status"], "success");
    let owner = lease["data"]["owner"].as_str().unwrap();
    assert!(owner.ends_with("@tokens.fly.io"), "{owner}");
    let nonce = lease["data"]["nonce"].as_str().unwrap();

    let prefix = format!("machine ID {id} lease currently held by {owner}, expires at ");
    for (method, below, body) in [
        ("DELETE", "?force=true", ""),
        ("POST", "/stop", ""),
        ("POST", "/lease", r#"{"ttl": 1}"#),
        ("DELETE", "/lease", ""),
        ("POST", "/metadata/a", r#"{"value": "b"}"#),
    ] {
        let refused = stage
            .client
            .send(method, &format!("{path}{below}"), body)
            .await
            .unwrap();
        assert_eq!(refused.status, 409, "{method} {below}");
        let text = refused.body()["error"].as_str().unwrap().to_owned();
        assert!(text.starts_with(&prefix), "{text}");
    }
    let holder = stage.client.holding(nonce);
    let again = holder
        .post(&format!("{path}/lease"), &json!({"ttl": 60}))
        .await
        .body();
    assert_eq!(again["data"]["nonce"], nonce);
    let listed = stage
        .client
        .get(&machines("?include_leases=true"))
        .await
        .body();
    assert_eq!(listed[0]["lease"]["owner"], owner);
    let released = holder.delete(&format!("{path}/lease")).await;
    assert_eq!(
        released.parts(),
        (200, json!({"status": "success", "data": {"ok": true}}))
    );
    assert_eq!(
        stage
            .client
            .delete(&format!("{path}?force=true"))
            .await
            .status,
        200
    );
    assert_eq!(stage.emulator.violations(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_lease_ends_by_itself() {
    let stage = Stage::new().await;
    let mut body = once("runner-1");
    body["lease_ttl"] = 20.into();
    let created = stage.client.post(&machines(""), &body).await.body();
    assert!(created["nonce"].is_string(), "{created}");
    let path = machines(&format!("/{}?force=true", created["id"].as_str().unwrap()));
    assert_eq!(stage.client.delete(&path).await.status, 409);
    tokio::time::advance(Duration::from_secs(20)).await;
    assert_eq!(stage.client.delete(&path).await.status, 200);
    let without = stage
        .client
        .post(&machines(""), &once("runner-2"))
        .await
        .body();
    assert_eq!(without.get("nonce"), None::<&Value>);
}
