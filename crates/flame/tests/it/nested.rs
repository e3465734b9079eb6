use std::time::Duration;

use flame::Pool;

/// Used by the test, by its runners, by their runners, and so on: each process has its own.
static NESTED: Pool = Pool::new("nested")
    .max(1)
    .min(1)
    .idle_shutdown_after(Duration::from_secs(60));

/// The processes from here to as deep as runners go, and why it went no deeper.
#[flame::remote]
async fn descend(mut above: Vec<u32>) -> (Vec<u32>, String) {
    above.push(std::process::id());
    // The next level is a call of the same function, so its future must not be a part of this one.
    match Box::pin(descend(above.clone()).on(&NESTED)).await {
        Ok(deepest) => deepest,
        Err(error) => (above, error.to_string()),
    }
}

#[tokio::test]
async fn runners_may_start_runners_three_levels_deep() {
    let (mut processes, error) = descend(Vec::new()).on(&NESTED).await.unwrap();
    assert!(error.contains("3 levels deep"), "{error}");
    assert_eq!(processes.len(), 3);
    processes.push(std::process::id());
    processes.sort_unstable();
    processes.dedup();
    assert_eq!(processes.len(), 4, "each level is a process of its own");
    NESTED.shutdown().await;
}
