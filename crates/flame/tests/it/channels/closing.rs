//! How channels between real processes end, and what does not end them.

use std::time::Duration;

use flame::{CallError, Outcome, RecvError, Rx, SendError, SendFailure, Tx, call, channel};
use serde::{Deserialize, Serialize};

use crate::marks::Marks;
use crate::scenarios::{start_with, tell};
use crate::tasks::pool;

/// Sends until the channel says that it cannot any more.
async fn fails<T: flame::Wire + Clone>(tx: &Tx<T>, value: T) -> SendError<T> {
    loop {
        match tx.send(value.clone()).await {
            Ok(()) => tokio::task::yield_now().await,
            Err(error) => return error,
        }
    }
}

#[tokio::test]
async fn a_dropped_receiver_there_closes_the_sender_here() {
    let pool = pool("chan_dropped").start().await.unwrap();
    let (tx, rx) = channel::<u8>();
    call!(pool, |rx| async move { drop(rx) }).await.unwrap();
    let error = fails(&tx, 1).await;
    assert_eq!((error.value, error.failure), (1, SendFailure::Closed));
    pool.shutdown().await;
}

#[tokio::test]
async fn a_dropped_receiver_here_closes_the_sender_there() {
    let pool = pool("chan_unwanted").start().await.unwrap();
    let (tx, rx) = channel::<u8>();
    let work = tokio::spawn(call!(pool, |tx| async move {
        loop {
            if let Err(error) = tx.send(1).await {
                break error.to_string();
            }
        }
    }));
    drop::<Rx<u8>>(rx);
    let error = work.await.unwrap().unwrap();
    assert_eq!(error, SendFailure::Closed.to_string());
    pool.shutdown().await;
}

#[tokio::test]
async fn a_lost_runner_closes_both_ends_with_a_reason() {
    let pool = pool("chan_lost").start().await.unwrap();
    let (tx, rx) = channel::<u8>();
    let (back, mut from_there) = channel::<u8>();
    let work = tokio::spawn(call!(pool, |mut rx, back| async move {
        let first: Option<u8> = rx.recv().await.unwrap();
        back.send(first.unwrap()).await.unwrap();
        rx.recv().await.unwrap();
        if first.is_some() {
            std::process::abort();
        }
    }));
    tx.send(7).await.unwrap();
    assert_eq!(from_there.recv().await, Ok(Some(7)));
    // The runner ends when it has read this.
    tx.send(8).await.unwrap();
    assert_eq!(from_there.recv().await, Err(RecvError::Lost));
    assert_eq!(fails(&tx, 9).await.failure, SendFailure::Lost);
    work.await.unwrap().unwrap_err();
    pool.shutdown().await;
}

#[tokio::test]
async fn a_cancelled_call_drops_its_ends() {
    let pool = pool("chan_cancelled").start().await.unwrap();
    let (tx, rx) = channel::<u8>();
    let (back, mut from_there) = channel::<u8>();
    let work = tokio::spawn(call!(pool, |mut rx, back| async move {
        back.send(1).await.unwrap();
        let _: Result<Option<u8>, _> = rx.recv().await;
    }));
    assert_eq!(from_there.recv().await, Ok(Some(1)));
    work.abort();
    assert_eq!(from_there.recv().await, Ok(None));
    assert_eq!(fails(&tx, 2).await.failure, SendFailure::Closed);
    pool.shutdown().await;
}

#[tokio::test]
async fn a_call_that_is_never_started_drops_its_ends() {
    let pool = pool("chan_queued")
        .max(1)
        .max_concurrency(1)
        .start()
        .await
        .unwrap();
    let (release, held) = channel::<()>();
    let (ready, mut is_ready) = channel::<()>();
    let first = tokio::spawn(call!(pool, |mut held, ready| async move {
        ready.send(()).await.unwrap();
        let _: Result<Option<()>, _> = held.recv().await;
    }));
    is_ready.recv().await.unwrap();
    let (tx, rx) = channel::<u8>();
    tx.send(1).await.unwrap();
    let error = call!(pool, |rx| async move { drop::<Rx<u8>>(rx) })
        .queue_timeout(Duration::from_millis(10))
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotStarted);
    assert_eq!(fails(&tx, 2).await.failure, SendFailure::Closed);
    drop(release);
    first.await.unwrap().unwrap();
    pool.shutdown().await;
}

#[tokio::test]
async fn an_item_that_is_too_large_is_handed_back_and_the_channel_goes_on() {
    let pool = pool("chan_too_large")
        .max_payload(10_000)
        .start()
        .await
        .unwrap();
    let (tx, rx) = channel::<Vec<u8>>();
    let (ready, mut is_ready) = channel::<()>();
    let work = tokio::spawn(call!(pool, |mut rx, ready| async move {
        ready.send(()).await.unwrap();
        let mut sizes: Vec<usize> = Vec::new();
        while let Ok(Some(item)) = rx.recv().await {
            let item: Vec<u8> = item;
            sizes.push(item.len());
        }
        sizes
    }));
    is_ready.recv().await.unwrap();
    tx.send(vec![1; 9_000]).await.unwrap();
    let error = tx.send(vec![2; 10_001]).await.unwrap_err();
    assert_eq!(error.value.len(), 10_001);
    let SendFailure::TooLarge { size, limit } = error.failure else {
        panic!("{error}")
    };
    assert!(size > 10_000 && limit == 10_000);
    tx.send(vec![3; 8_000]).await.unwrap();
    drop(tx);
    assert_eq!(work.await.unwrap().unwrap(), [9_000, 8_000]);
    pool.shutdown().await;
}

/// Encodes any number and decodes small ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
struct Small(u32);

impl From<Small> for u32 {
    fn from(small: Small) -> Self {
        small.0
    }
}

impl TryFrom<u32> for Small {
    type Error = String;

    fn try_from(number: u32) -> Result<Self, String> {
        match number {
            0..=99 => Ok(Self(number)),
            _ => Err(format!("{number} is not small")),
        }
    }
}

#[tokio::test]
async fn an_item_that_does_not_decode_closes_the_channel_on_both_sides() {
    let pool = pool("chan_decode").start().await.unwrap();
    let (tx, rx) = channel::<Small>();
    let work = tokio::spawn(call!(pool, |mut rx| async move {
        let first: Result<Option<Small>, RecvError> = rx.recv().await;
        let second: Result<Option<Small>, RecvError> = rx.recv().await;
        let third: Result<Option<Small>, RecvError> = rx.recv().await;
        assert_eq!(second, third, "the error stays");
        (first.unwrap(), second.unwrap_err().to_string())
    }));
    tx.send(Small(7)).await.unwrap();
    tx.send(Small(700)).await.unwrap();
    let (first, error) = work.await.unwrap().unwrap();
    assert_eq!(first, Some(Small(7)));
    assert!(error.contains("700 is not small"), "{error}");
    assert_eq!(fails(&tx, Small(1)).await.failure, SendFailure::Codec);
    pool.shutdown().await;
}

#[tokio::test]
async fn a_call_with_an_end_cannot_be_idempotent() {
    let pool = pool("chan_again").start().await.unwrap();
    let (tx, rx) = channel::<u8>();
    let error = call!(pool, |rx| async move { drop::<Rx<u8>>(rx) })
        .idempotent(1)
        .await
        .unwrap_err();
    assert!(matches!(error, CallError::NotRepeatable { .. }), "{error}");
    assert_eq!(error.outcome(), Outcome::NotStarted);
    assert_eq!(tx.send(1).await.unwrap_err().failure, SendFailure::Closed);
    pool.shutdown().await;
}

#[tokio::test]
async fn an_end_outlives_its_call_and_holds_no_slot() {
    let pool = pool("chan_outlives")
        .max_concurrency(1)
        .start()
        .await
        .unwrap();
    let (tx, rx) = channel::<u32>();
    let mut squares: Rx<u32> = call!(pool, |mut rx| async move {
        let (square, squares) = channel();
        tokio::spawn(async move {
            while let Ok(Some(n)) = rx.recv().await {
                let n: u32 = n;
                square.send(n * n).await.unwrap();
            }
        });
        squares
    })
    .await
    .unwrap();
    assert!(call!(pool, || async move { true }).await.unwrap());
    tx.send(5).await.unwrap();
    assert_eq!(squares.recv().await, Ok(Some(25)));
    drop(tx);
    assert_eq!(squares.recv().await, Ok(None));
    pool.shutdown().await;
}

#[tokio::test]
async fn a_process_between_two_runners_hands_on_items_and_their_ends() {
    let pool = pool("chan_between")
        .max(2)
        .max_concurrency(1)
        .start()
        .await
        .unwrap();
    let (tx, rx) = channel::<(u32, Tx<u32>)>();
    let asks = tokio::spawn(call!(pool, |tx| async move {
        let (reply, mut answers) = channel();
        tx.send((20, reply)).await.unwrap();
        let answer: u32 = answers.recv().await.unwrap().unwrap();
        (answer, std::process::id())
    }));
    let answers = tokio::spawn(call!(pool, |mut rx| async move {
        while let Ok(Some((n, reply))) = rx.recv().await {
            let reply: Tx<u32> = reply;
            reply.send(n + 1).await.unwrap();
        }
        std::process::id()
    }));
    let (answer, asker) = asks.await.unwrap().unwrap();
    assert_eq!(answer, 21);
    assert_ne!(answers.await.unwrap().unwrap(), asker);
    pool.shutdown().await;
}

/// Where the runner of a parent that is killed leaves its mark.
const MARK: &str = "FLAME_TEST_CHANNEL_MARK";

#[tokio::test]
async fn a_lost_parent_closes_both_ends_with_a_reason() {
    let marks = Marks::new();
    let mut parent = start_with("holds_channels", |command| {
        command.env(MARK, marks.path("lost"))
    });
    parent.says("the runner has them");
    parent.kill();
    assert_eq!(marks.says("lost").await, "Err(Lost) Lost");
}

/// Gives a runner the ends of two channels, and waits to be killed.
pub(crate) async fn holds_channels() {
    let mark = std::env::var(MARK).unwrap();
    let pool = pool("holds_channels").start().await.unwrap();
    let (_tx, rx) = channel::<u8>();
    let (back, mut from_there) = channel::<u8>();
    let work = call!(pool, |mut rx, back, mark| async move {
        back.send(1).await.unwrap();
        let received: Result<Option<u8>, RecvError> = rx.recv().await;
        let failure = fails(&back, 2).await.failure;
        crate::marks::leave_saying(&mark, &format!("{received:?} {failure:?}"));
    });
    let work = tokio::spawn(work.detached().no_timeout());
    assert_eq!(from_there.recv().await, Ok(Some(1)));
    tell("the runner has them");
    work.await.unwrap().unwrap();
}
