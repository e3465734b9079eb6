use flame::{Blob, CallError, Outcome, call};

use crate::tasks::pool;

#[tokio::test]
async fn payloads_of_every_size_come_back_unchanged() {
    let pool = pool("sizes").start().await.unwrap();
    for size in [
        0usize, 1, 65_535, 65_536, 65_537, 262_144, 262_145, 3_000_001,
    ] {
        let bytes: Vec<u8> = (0..size).map(|i| (i % 251) as u8).collect();
        let blob = Blob::from(bytes.clone());
        let (back, blob) = call!(pool, |bytes, blob| async move { (bytes, blob) })
            .await
            .unwrap();
        assert_eq!(back.len(), size);
        assert!(back == *blob, "{size} bytes came back changed");
    }
    pool.shutdown().await;
}

#[tokio::test]
async fn large_payloads_of_many_calls_do_not_mix() {
    let pool = pool("mixing").max_concurrency(8).start().await.unwrap();
    let calls = (0..16u8).map(|n| {
        let blob = Blob::from(vec![n; 700_000 + usize::from(n)]);
        tokio::spawn(call!(pool, |blob, n| async move {
            (blob.iter().all(|byte| *byte == n), blob)
        }))
    });
    for (n, call) in calls.collect::<Vec<_>>().into_iter().enumerate() {
        let (pure, blob) = call.await.unwrap().unwrap();
        assert!(pure && blob.len() == 700_000 + n);
    }
    pool.shutdown().await;
}

#[tokio::test]
async fn arguments_above_the_limit_are_refused_before_they_wait() {
    let pool = pool("large_arguments")
        .max_payload(1_000)
        .start()
        .await
        .unwrap();
    let blob = Blob::from(vec![0; 1_001]);
    let error = call!(pool, |blob| async move { blob.len() })
        .await
        .unwrap_err();
    assert!(
        matches!(error, CallError::PayloadTooLarge { limit: 1_000, .. }),
        "{error}"
    );
    assert_eq!(error.outcome(), Outcome::NotStarted);
    assert_eq!(pool.snapshot().runners.len(), 0);
    pool.shutdown().await;
}

#[tokio::test]
async fn a_result_above_the_limit_is_an_error_and_the_runner_lives() {
    let pool = pool("large_results")
        .max_payload(1_000)
        .start()
        .await
        .unwrap();
    let n = 2_000usize;
    let error = call!(pool, |n| async move { Blob::from(vec![0; n]) })
        .await
        .unwrap_err();
    assert!(
        matches!(error, CallError::ResultTooLarge { limit: 1_000, .. }),
        "{error}"
    );
    assert_eq!(error.outcome(), Outcome::Done);
    assert!(call!(pool, || async move { true }).await.unwrap());
    assert_eq!(pool.snapshot().runners.len(), 1);
    pool.shutdown().await;
}
