use std::time::Duration;

use serde_json::json;

use crate::Stage;
use crate::stage::{machines, once};

#[tokio::test(start_paused = true)]
async fn three_at_once_and_then_one_a_second() {
    let stage = Stage::with(|config| config.rate_limits(true)).await;
    let create = async |n: usize| {
        let answer = stage
            .client
            .post(&machines(""), &once(&format!("runner-{n}")))
            .await;
        answer.parts()
    };
    for n in 0..3 {
        assert_eq!(create(n).await.0, 200);
    }
    let refused = (
        429,
        json!({"error": "resource_exhausted: rate limit exceeded"}),
    );
    assert_eq!(create(3).await, refused);
    // Another action is not disturbed.
    assert_eq!(stage.client.get(&machines("")).await.status, 200);
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(create(4).await.0, 200);
    assert_eq!(create(5).await, refused);
    assert_eq!(stage.emulator.machines().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_machine_may_be_asked_for_more_often_and_others_do_not_count() {
    let stage = Stage::with(|config| config.rate_limits(true).retry_after(2)).await;
    let (one, other) = (
        stage.create(once("one")).await,
        stage.create(once("other")).await,
    );
    let path = machines(&format!("/{one}"));
    for _ in 0..10 {
        assert_eq!(stage.client.get(&path).await.status, 200);
    }
    let refused = stage.client.get(&path).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.headers["retry-after"], "2");
    let other = stage.client.get(&machines(&format!("/{other}"))).await;
    assert_eq!(other.status, 200);
}
