//! Channels between real processes.

use flame::{RecvError, Rx, SendFailure, Tx, call, channel};

use crate::tasks::pool;

#[flame::remote]
async fn double(mut numbers: Rx<u64>, doubled: Tx<u64>) {
    while let Ok(Some(n)) = numbers.recv().await {
        if doubled.send(2 * n).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn both_ends_travel_as_arguments() {
    let pool = pool("chan_args").start().await.unwrap();
    let (numbers, inbox) = channel();
    let (outbox, mut doubled) = channel();
    let work = tokio::spawn(pool.call(double(inbox, outbox)));
    for n in 0..1_000 {
        numbers.send(n).await.unwrap();
        assert_eq!(doubled.recv().await.unwrap(), Some(2 * n));
    }
    drop(numbers);
    assert_eq!(doubled.recv().await, Ok(None));
    work.await.unwrap().unwrap();
    pool.shutdown().await;
}

#[tokio::test]
async fn what_was_sent_before_the_call_arrives() {
    let pool = pool("chan_before").start().await.unwrap();
    let (tx, rx) = channel::<String>();
    for word in ["one", "two", "three"] {
        tx.send(word.to_owned()).await.unwrap();
    }
    drop(tx);
    let words = call!(pool, |mut rx| async move {
        let mut words: Vec<String> = Vec::new();
        while let Some(word) = rx.recv().await? {
            words.push(word);
        }
        Ok::<_, anyhow::Error>(words)
    });
    assert_eq!(words.await.unwrap().unwrap(), ["one", "two", "three"]);
    pool.shutdown().await;
}

#[tokio::test]
async fn an_end_comes_back_in_a_result() {
    let pool = pool("chan_result").start().await.unwrap();
    let n = 100u32;
    let mut numbers: Rx<u32> = call!(pool, |n| async move {
        let (tx, rx) = channel();
        tokio::spawn(async move {
            for i in 0..n {
                tx.send(i).await.unwrap();
            }
        });
        rx
    })
    .await
    .unwrap();
    for i in 0..n {
        assert_eq!(numbers.recv().await, Ok(Some(i)));
    }
    assert_eq!(numbers.recv().await, Ok(None));
    pool.shutdown().await;
}

#[tokio::test]
async fn an_end_travels_in_an_item() {
    let pool = pool("chan_nested").start().await.unwrap();
    let (questions, inbox) = channel::<(u64, Tx<u64>)>();
    let work = tokio::spawn(call!(pool, |mut inbox| async move {
        while let Ok(Some((question, answer))) = inbox.recv().await {
            let _ = answer.send(question + 1).await;
        }
    }));
    for n in 0..100 {
        let (reply, mut answer) = channel();
        questions.send((n, reply)).await.unwrap();
        assert_eq!(answer.recv().await, Ok(Some(n + 1)));
        assert_eq!(answer.recv().await, Ok(None));
    }
    drop(questions);
    work.await.unwrap().unwrap();
    pool.shutdown().await;
}

#[tokio::test]
async fn a_dropped_receiver_there_closes_the_sender_here() {
    let pool = pool("chan_dropped").start().await.unwrap();
    let (tx, rx) = channel::<u8>();
    call!(pool, |rx| async move { drop(rx) }).await.unwrap();
    let error = loop {
        match tx.send(1).await {
            Ok(()) => tokio::task::yield_now().await,
            Err(error) => break error,
        }
    };
    assert_eq!((error.value, error.failure), (1, SendFailure::Closed));
    pool.shutdown().await;
}

#[tokio::test]
async fn a_lost_runner_closes_both_ends_with_a_reason() {
    let pool = pool("chan_lost").start().await.unwrap();
    let (tx, rx) = channel::<u8>();
    let (back, mut from_there) = channel::<u8>();
    let work = call!(pool, |mut rx, back| async move {
        let first: Option<u8> = rx.recv().await.unwrap();
        back.send(first.unwrap()).await.unwrap();
        rx.recv().await.unwrap();
        if first.is_some() {
            std::process::abort();
        }
    });
    let work = tokio::spawn(work);
    tx.send(7).await.unwrap();
    assert_eq!(from_there.recv().await, Ok(Some(7)));
    tx.send(8).await.unwrap();
    assert_eq!(from_there.recv().await, Err(RecvError::Lost));
    let error = loop {
        match tx.send(9).await {
            Ok(()) => tokio::task::yield_now().await,
            Err(error) => break error,
        }
    };
    assert_eq!(error.failure, SendFailure::Lost);
    work.await.unwrap().unwrap_err();
    pool.shutdown().await;
}
