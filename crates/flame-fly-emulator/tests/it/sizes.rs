use serde_json::{Value, json};

use crate::stage::machines;
use crate::{IMAGE, Stage};

async fn refusal(stage: &Stage, guest: Value) -> Option<String> {
    let body = json!({"config": {"image": IMAGE, "guest": guest}});
    let answer = stage.client.post(&machines(""), &body).await;
    match answer.status {
        200 => None,
        400 => Some(answer.body()["error"].as_str().unwrap().to_owned()),
        other => panic!("{other}: {}", answer.text),
    }
}

#[tokio::test]
async fn memory_has_to_fit_the_cpus() {
    let stage = Stage::new().await;
    let guest = |kind: &str, cpus: u64, memory: u64| json!({"cpu_kind": kind, "cpus": cpus, "memory_mb": memory});
    let at_least = |least: u64| {
        Some(format!(
            "invalid config.guest.memory_mb, minimum required {least} MiB"
        ))
    };
    let at_most = |most: u64| {
        Some(format!(
            "invalid config.guest.memory_mb, cannot exceed {most} MiB"
        ))
    };
    assert_eq!(
        refusal(&stage, guest("shared", 4, 512)).await,
        at_least(1024)
    );
    assert_eq!(
        refusal(&stage, guest("performance", 8, 8192)).await,
        at_least(16384)
    );
    assert_eq!(
        refusal(&stage, guest("shared", 1, 4096)).await,
        at_most(2048)
    );
    assert_eq!(refusal(&stage, guest("performance", 4, 8192)).await, None);
    assert_eq!(refusal(&stage, guest("shared", 1, 2048)).await, None);
    assert_eq!(
        refusal(&stage, json!({"cpu_kind": "shared", "cpus": null})).await,
        None
    );
    assert!(refusal(&stage, guest("shared", 1, 300)).await.is_some());
}

#[tokio::test]
async fn some_numbers_of_cpus_do_not_exist() {
    let stage = Stage::new().await;
    for (kind, cpus) in [
        ("shared", 3),
        ("shared", 16),
        ("performance", 5),
        ("cheap", 1),
    ] {
        let refused = refusal(&stage, json!({"cpu_kind": kind, "cpus": cpus})).await;
        assert!(refused.is_some(), "{cpus} {kind}");
    }
}
