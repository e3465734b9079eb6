//! Machines are created, within what Fly takes.

use std::collections::BTreeMap;
use std::time::Duration;

use flame_core::backend::{Backend, BootRequest};
use flame_fly::{FlyBackend, FlyConfig};
use flame_fly_emulator::{Fault, Recipe, Route};
use serde_json::json;
use tokio::time::{Instant, timeout};

use crate::stage::{Stage, config_for, request, request_within};

// C2
#[tokio::test]
async fn an_answer_with_more_than_is_known_is_understood() {
    let stage = Stage::new().await;
    let answer = json!({
        "id": "4d890000000001", "name": "other", "state": "created", "private_ip": "fdaa::1", "novelty": {"a": [1]},
        "events": [{"type": "launch", "status": "created", "request": null, "timestamp": 1}]
    });
    stage
        .emulator
        .inject(Fault::answer(200, answer).on(Route::Create));
    let instance = stage.create(&request()).await.unwrap();
    assert_eq!(instance.provider_id, "4d890000000001");
}

// C7
#[tokio::test]
async fn a_machine_gets_the_memory_that_its_processors_need() {
    let stage = Stage::new().await;
    let config = FlyConfig {
        cpus: Some(5),
        ..config_for(&stage.emulator)
    };
    let backend = FlyBackend::new(config).unwrap();
    let wanted = request();
    backend.create(&wanted).await.unwrap();
    let guest = stage.requests(Route::Create)[0].body.as_ref().unwrap()["config"]["guest"].clone();
    assert_eq!(
        guest,
        json!({"cpu_kind": "performance", "cpus": 4, "memory_mb": 8192})
    );
    backend.destroy(&wanted.name).await.unwrap();
    stage.ends_clean();
}

// C7
#[tokio::test]
async fn a_size_that_is_said_is_sent_and_what_fly_says_to_it_is_told() {
    let stage = Stage::new().await;
    let config = FlyConfig {
        cpus: Some(4),
        memory_mb: Some(4096),
        ..config_for(&stage.emulator)
    };
    let backend = FlyBackend::new(config).unwrap();
    let error = backend.create(&request()).await.unwrap_err();
    assert!(!error.is_transient(), "{error:?}");
    let cause = crate::stage::cause(&error).to_string();
    assert!(cause.contains("minimum required 8192 MiB"), "{cause}");
    assert_eq!(stage.count(Route::Create), 1);
}

// C8
#[tokio::test]
async fn a_boot_waits_when_fly_wants_fewer_requests() {
    let stage = Stage::new().await;
    stage.emulator.apply(Recipe::rate_storm(2));
    let (start, wanted) = (Instant::now(), request());
    stage.create(&wanted).await.unwrap();

    assert!(
        start.elapsed() >= Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
    let created = stage.requests(Route::Create);
    let statuses: Vec<_> = created
        .iter()
        .map(|exchange| exchange.status.unwrap())
        .collect();
    assert_eq!(statuses, [429, 429, 200]);
    assert!(
        created
            .iter()
            .all(|exchange| exchange.body == created[0].body)
    );
    stage.backend.destroy(&wanted.name).await.unwrap();
    stage.ends_clean();
}

// C8
#[tokio::test]
async fn a_boot_waits_for_as_long_as_fly_says() {
    let stage = Stage::new().await;
    let storm = Fault::answer(
        429,
        json!({"error": "resource_exhausted: rate limit exceeded"}),
    );
    stage
        .emulator
        .inject(storm.header("retry-after", "2").on(Route::Create));
    let start = Instant::now();
    stage.create(&request()).await.unwrap();
    assert!(
        start.elapsed() >= Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
}

// C9
#[tokio::test]
async fn boots_together_stay_within_the_limit_of_rates() {
    let stage = Stage::with(|config| config.rate_limits(true)).await;
    let start = Instant::now();
    let mut boots = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let backend = stage.backend.clone();
        boots.spawn(async move {
            backend
                .create(&request())
                .await
                .map(|instance| instance.provider_id)
        });
    }
    let mut ids: Vec<String> = boots
        .join_all()
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 6);
    assert!(
        start.elapsed() >= Duration::from_secs(3),
        "{:?}",
        start.elapsed()
    );
    let statuses = stage
        .requests(Route::Create)
        .into_iter()
        .map(|exchange| exchange.status);
    assert!(statuses.eq([Some(200); 6]));
}

// C10, C11
#[tokio::test]
async fn a_boot_goes_on_until_there_is_room() {
    let stage = Stage::new().await;
    stage.emulator.apply(Recipe::capacity_then_ok(1));
    let full = "aborted: could not reserve resource for machine: insufficient CPUs available to fulfill request on \
                the current host";
    stage
        .emulator
        .inject(Fault::answer(409, json!({ "error": full })).on(Route::Create));
    let wanted = request();
    stage.create(&wanted).await.unwrap();
    assert_eq!(stage.count(Route::Create), 3);
    stage.backend.destroy(&wanted.name).await.unwrap();
    stage.ends_clean();
}

// C10
#[tokio::test]
async fn several_regions_are_one_request() {
    let stage = Stage::new().await;
    stage.emulator.set_capacity("iad", 0);
    let region = Some("iad, us,any".into());
    let backend = FlyBackend::new(FlyConfig {
        region,
        ..config_for(&stage.emulator)
    })
    .unwrap();
    let wanted = request();
    backend.create(&wanted).await.unwrap();
    let created = stage.requests(Route::Create);
    assert_eq!(created.len(), 1);
    assert_eq!(created[0].body.as_ref().unwrap()["region"], "iad,us,any");
    assert_ne!(stage.emulator.live()[0].region, "iad");
    backend.destroy(&wanted.name).await.unwrap();
    stage.ends_clean();
}

// C18
#[tokio::test]
async fn what_was_never_sent_is_sent_again_without_looking_for_it() {
    let stage = Stage::new().await;
    let (_taken, host) = crate::stage::nobody();
    let backend = FlyBackend::new(FlyConfig {
        host: Some(host),
        ..config_for(&stage.emulator)
    })
    .unwrap();
    let wanted = request_within(Duration::from_secs(2));
    let error = backend.create(&wanted).await.unwrap_err();
    let cause = crate::stage::cause(&error);
    assert!(
        error.is_transient() && cause.to_string().contains("cannot reach"),
        "{cause}"
    );
    // It is certain that there is nothing, so nobody is asked.
    let destroyed = timeout(Duration::from_secs(1), backend.destroy(&wanted.name)).await;
    destroyed.unwrap().unwrap();
}

// C38
#[tokio::test]
async fn variables_that_are_not_the_pools_are_refused_before_any_request() {
    let stage = Stage::new().await;
    let long = "x".repeat(70_000);
    for (name, value) in [
        ("FLAME_PARENT", "mine"),
        ("FLY_REGION", "ams"),
        ("LONG", long.as_str()),
    ] {
        let env = BTreeMap::from([(name.to_owned(), value.to_owned())]);
        let wanted = BootRequest { env, ..request() };
        let (error, cause) = stage.refusal(&wanted).await;
        assert!(!error.is_transient(), "{cause}");
        stage.backend.destroy(&wanted.name).await.unwrap();
    }
    assert!(stage.requests(Route::Create).is_empty());
}

// C39
#[tokio::test]
async fn a_gpu_is_asked_for_as_given() {
    let stage = Stage::new().await;
    let gpu_kind = Some("a10".into());
    let backend = FlyBackend::new(FlyConfig {
        gpu_kind,
        ..config_for(&stage.emulator)
    })
    .unwrap();
    backend.create(&request()).await.unwrap();
    let guest = &stage.requests(Route::Create)[0].body.clone().unwrap()["config"]["guest"];
    assert_eq!(
        (&guest["gpu_kind"], &guest["gpus"]),
        (&json!("a10"), &json!(1))
    );
}
