use std::time::Duration;

use flame_fly_emulator::{Fault, Recipe, Route};
use serde_json::json;
use tokio::time::Instant;

use crate::Stage;
use crate::stage::{machines, once};

#[tokio::test]
async fn a_lost_create_creates_and_a_refused_one_does_not() {
    let stage = Stage::new().await;
    let body = once("runner-1").to_string();
    stage.emulator.apply(Recipe::refused_create());
    assert!(
        stage
            .client
            .send("POST", &machines(""), &body)
            .await
            .is_err()
    );
    assert!(stage.emulator.machines().is_empty());
    stage.emulator.apply(Recipe::lost_create());
    assert!(
        stage
            .client
            .send("POST", &machines(""), &body)
            .await
            .is_err()
    );
    assert_eq!(stage.emulator.machines().len(), 1);
    // The name tells the client that it had what it wanted.
    assert_eq!(
        stage
            .client
            .post(&machines(""), &once("runner-1"))
            .await
            .status,
        409
    );
    let statuses: Vec<_> = stage
        .emulator
        .journal()
        .iter()
        .map(|it| it.status)
        .collect();
    assert_eq!(statuses, [None, None, Some(409)]);
}

#[tokio::test]
async fn recipes_strike_as_often_as_they_say() {
    let stage = Stage::new().await;
    let create = async |name: &str| stage.client.post(&machines(""), &once(name)).await.status;
    stage.emulator.apply(Recipe::rate_storm(2));
    stage.emulator.apply(Recipe::capacity_then_ok(1));
    stage.emulator.apply(Recipe::lost_create_408());
    for status in [429, 429, 422, 408, 409, 409] {
        assert_eq!(create("runner-1").await, status);
    }
    assert_eq!(create("runner-2").await, 200);
    stage.emulator.apply(Recipe::token_revoked());
    assert_eq!(create("runner-3").await, 401);
}

#[tokio::test(start_paused = true)]
async fn faults_strike_whom_they_are_meant_for() {
    let stage = Stage::new().await;
    let of_two = Fault::answer(503, json!({"error": "no"}))
        .on(Route::Create)
        .when(|body| body["name"] == "two")
        .skip(1);
    stage.emulator.inject(of_two);
    let create = async |name: &str| stage.client.post(&machines(""), &once(name)).await.status;
    for (name, status) in [
        ("one", 200),
        ("two", 200),
        ("one", 409),
        ("two", 503),
        ("two", 409),
    ] {
        assert_eq!(create(name).await, status, "{name}");
    }
    let delay = Fault::delay(Duration::from_secs(3)).method("GET").always();
    stage.emulator.inject(delay);
    for _ in 0..2 {
        let began = Instant::now();
        assert_eq!(stage.client.get(&machines("")).await.status, 200);
        assert!(began.elapsed() >= Duration::from_secs(3));
    }
}

#[tokio::test(start_paused = true)]
async fn answers_can_be_spoiled() {
    let stage = Stage::new().await;
    stage.create(once("runner-1")).await;
    let list = async |fault: Fault| {
        stage.emulator.inject(fault);
        stage.client.send("GET", &machines(""), "").await
    };
    assert!(list(Fault::truncate(10)).await.is_err());
    let garbage = list(Fault::garbage()).await.unwrap();
    assert_eq!(garbage.status, 200);
    assert!(garbage.text.starts_with("<html>"), "{}", garbage.text);
    let began = Instant::now();
    let slow = list(Fault::slow_body(Duration::from_secs(1)))
        .await
        .unwrap();
    assert_eq!(slow.body()[0]["name"], "runner-1");
    assert!(slow.headers.contains_key("transfer-encoding"));
    assert!(began.elapsed() > Duration::from_secs(5));
    let moved = list(Fault::redirect(307, "http://127.0.0.1:1/v1"))
        .await
        .unwrap();
    assert_eq!(moved.status, 307);
    assert_eq!(moved.headers["location"], "http://127.0.0.1:1/v1");
    let empty = list(Fault::empty(500).header("retry-after", "2"))
        .await
        .unwrap();
    assert_eq!((empty.status, empty.text.as_str()), (500, ""));
    assert_eq!(empty.headers["retry-after"], "2");
    let plain = list(Fault::text(502, "bad gateway")).await.unwrap();
    assert_eq!((plain.status, plain.text.as_str()), (502, "bad gateway"));
}

#[tokio::test(start_paused = true)]
async fn what_was_asked_for_happens_even_if_the_asker_has_left() {
    let stage = Stage::with(|config| config.latency(Duration::from_secs(2))).await;
    let body = once("runner-1").to_string();
    let path = machines("");
    let asking = stage.client.send("POST", &path, &body);
    let left = tokio::time::timeout(Duration::from_millis(600), asking).await;
    assert!(left.is_err());
    let live =
        |emulator: &flame_fly_emulator::Emulator| (!emulator.live().is_empty()).then_some(());
    stage.emulator.until(live).await;
}
