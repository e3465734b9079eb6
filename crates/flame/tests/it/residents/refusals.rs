//! Handles that are of no use to a call.

use flame::{CallError, Outcome, Resident, ResidentError};
use serde::{Deserialize, Serialize};

use super::{Counter, assert_refused, counter, counts_on, crowded, sum};
use crate::tasks::pool;

#[tokio::test]
async fn a_task_cannot_be_in_two_places() {
    let pool = pool("places")
        .max(2)
        .max_concurrency(1)
        .start()
        .await
        .unwrap();
    let (first, second) = (
        counter(1).on(&pool).await.unwrap(),
        counter(2).on(&pool).await.unwrap(),
    );
    assert_ne!(first.runner(), second.runner());
    let error = sum(first, second).on(&pool).await.unwrap_err();
    assert_refused(&error, ResidentError::SeveralRunners);
    pool.shutdown().await;
}

#[tokio::test]
async fn a_handle_is_of_use_to_its_own_pool_alone() {
    let pool = crowded("own").await;
    let other = crowded("other").await;
    let counter = counter(1).on(&pool).await.unwrap();
    let error = counts_on(counter.clone()).on(&other).await.unwrap_err();
    assert_refused(&error, ResidentError::OtherPool);
    // What is here stays here.
    let here = self::counter(1).await;
    assert_eq!(counts_on(here.clone()).await, Some((1, std::process::id())));
    let error = counts_on(here).on(&pool).await.unwrap_err();
    assert!(matches!(error, CallError::EncodeArgs { .. }), "{error}");
    other.shutdown().await;
    pool.shutdown().await;
}

#[tokio::test]
async fn a_value_is_not_taken_for_another_type() {
    /// Arrives as something else than it was sent as.
    #[derive(Serialize)]
    #[serde(transparent)]
    struct Masked(Resident<Counter>);
    impl<'de> Deserialize<'de> for Masked {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let _: Resident<String> = Resident::deserialize(deserializer)?;
            Err(serde::de::Error::custom("a counter passed for a text"))
        }
    }
    let pool = crowded("types").await;
    let masked = Masked(counter(1).on(&pool).await.unwrap());
    let error = flame::call!(pool, |masked| async move { drop(masked) });
    let error = error.await.unwrap_err();
    assert!(matches!(error, CallError::DecodeArgs { .. }), "{error}");
    assert!(
        error.to_string().contains("is no `alloc::string::String`"),
        "{error}"
    );
    assert_eq!(error.outcome(), Outcome::NotStarted);
    pool.shutdown().await;
}
