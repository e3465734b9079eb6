//! Channels between real processes.

use flame::{Rx, Tx, call, channel};

use crate::tasks::pool;

pub(crate) mod closing;
mod volume;

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
async fn runners_in_this_process_have_channels_too() {
    let pool = pool("chan_in_process")
        .backend(flame::InProcess::new())
        .start()
        .await
        .unwrap();
    let (numbers, inbox) = channel();
    let (outbox, mut doubled) = channel();
    let work = tokio::spawn(pool.call(double(inbox, outbox)));
    for n in 0..10_000 {
        numbers.send(n).await.unwrap();
        assert_eq!(doubled.recv().await.unwrap(), Some(2 * n));
    }
    drop(numbers);
    assert_eq!(doubled.recv().await, Ok(None));
    work.await.unwrap().unwrap();
    pool.shutdown().await;
}

#[tokio::test]
async fn bodies_that_block_send_and_receive() {
    let pool = pool("chan_blocking").start().await.unwrap();
    let (numbers, inbox) = channel::<u64>();
    let (outbox, mut sums) = channel::<u64>();
    let work = tokio::spawn(call!(pool, |mut inbox, outbox| {
        let mut sum = 0;
        while let Ok(Some(n)) = inbox.blocking_recv() {
            sum += n;
            outbox.blocking_send(sum).unwrap();
        }
    }));
    for (n, sum) in [(1, 1), (2, 3), (3, 6)] {
        numbers.send(n).await.unwrap();
        assert_eq!(sums.recv().await, Ok(Some(sum)));
    }
    drop(numbers);
    work.await.unwrap().unwrap();
    pool.shutdown().await;
}
