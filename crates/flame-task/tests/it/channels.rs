//! Channels whose two ends are in one process.

use flame_task::{CHANNEL_CAPACITY, SendFailure, Tx, channel, task};
use futures_util::{FutureExt as _, StreamExt as _};

#[test]
fn items_keep_their_order_and_the_end_comes_last() {
    let (tx, mut rx) = channel();
    for n in 0..3 {
        tx.try_send(n).unwrap();
    }
    drop(tx);
    let received = [(); 4].map(|()| rx.recv().now_or_never().unwrap());
    assert_eq!(received, [Ok(Some(0)), Ok(Some(1)), Ok(Some(2)), Ok(None)]);
    assert_eq!(rx.recv().now_or_never(), Some(Ok(None)), "and stays");
}

#[tokio::test]
async fn a_sender_waits_for_room_and_goes_on_when_there_is_some() {
    let (tx, mut rx) = channel();
    for n in 0..CHANNEL_CAPACITY {
        tx.send(n).await.unwrap();
    }
    let error = tx.try_send(CHANNEL_CAPACITY).unwrap_err();
    assert_eq!(
        (error.value, error.failure),
        (CHANNEL_CAPACITY, SendFailure::Full)
    );
    let waits = tokio::spawn(async move { tx.send(CHANNEL_CAPACITY).await });
    tokio::task::yield_now().await;
    assert!(!waits.is_finished());
    for n in 0..=CHANNEL_CAPACITY {
        assert_eq!(rx.recv().await, Ok(Some(n)));
    }
    waits.await.unwrap().unwrap();
    assert_eq!(rx.recv().await, Ok(None));
}

#[tokio::test]
async fn a_dropped_receiver_hands_the_value_back_to_whoever_waits() {
    let (tx, rx) = channel();
    while tx.try_send("x".to_owned()).is_ok() {}
    let waits = tokio::spawn(async move { tx.send("last".to_owned()).await });
    tokio::task::yield_now().await;
    drop(rx);
    let error = waits.await.unwrap().unwrap_err();
    assert_eq!(
        (error.value.as_str(), error.failure),
        ("last", SendFailure::Closed)
    );
}

#[test]
fn blocking_code_sends_and_receives() {
    let (tx, mut rx) = channel();
    let sender = std::thread::spawn(move || {
        for n in 0..1_000 {
            tx.blocking_send(n).unwrap();
        }
    });
    for n in 0..1_000 {
        assert_eq!(rx.blocking_recv(), Ok(Some(n)));
    }
    assert_eq!(rx.blocking_recv(), Ok(None));
    sender.join().unwrap();
}

#[tokio::test]
async fn a_receiver_is_a_stream() {
    let (tx, rx) = channel();
    tx.send(1).await.unwrap();
    tx.send(2).await.unwrap();
    drop(tx);
    assert_eq!(rx.collect::<Vec<_>>().await, [Ok(1), Ok(2)]);
}

#[tokio::test]
async fn a_task_that_runs_here_takes_ends_along_as_they_are() {
    let (tx, rx) = channel();
    let (back, mut results) = channel();
    let work = tokio::spawn(task!(|mut rx, back| async move {
        while let Ok(Some(n)) = rx.recv().await {
            let n: u32 = n;
            back.send(n + 1).await.unwrap();
        }
    }));
    tx.send(1).await.unwrap();
    assert_eq!(results.recv().await, Ok(Some(2)));
    drop(tx);
    work.await.unwrap();
}

#[test]
fn an_end_is_written_down_in_no_other_format() {
    let (tx, mut rx) = channel();
    let error = serde_json::to_string(&tx).unwrap_err().to_string();
    assert!(error.contains("travels only in a call"), "{error}");
    // It is still here.
    tx.try_send(1).unwrap();
    assert_eq!(rx.recv().now_or_never(), Some(Ok(Some(1))));
    let error = serde_json::from_str::<Tx<u8>>("\"flame\"").unwrap_err();
    assert!(error.to_string().contains("an end of a channel"), "{error}");
}
