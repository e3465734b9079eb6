//! Many items, and large ones, between real processes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flame::{Blob, CHANNEL_ITEM_COST, CHANNEL_WINDOW, Rx, Tx, call, channel};

use crate::processes::eventually;
use crate::tasks::pool;

/// How many items go to the runner and back.
const ITEMS: u64 = 100_000;

/// What one of these items takes of a window: a `u64` of this size is encoded in five bytes.
const COST: u64 = CHANNEL_ITEM_COST + 5;

/// The first item. All of them are encoded in the same number of bytes.
const FIRST: u64 = 1 << 20;

/// How many items went in here, and how many came out.
#[derive(Default)]
struct Counters {
    sent: AtomicU64,
    received: AtomicU64,
    most: AtomicU64,
}

impl Counters {
    /// How many bytes of items are somewhere between.
    fn between(&self) -> u64 {
        let sent = self.sent.load(Ordering::SeqCst);
        (sent - self.received.load(Ordering::SeqCst)) * COST
    }

    fn count_sent(&self) {
        self.sent.fetch_add(1, Ordering::SeqCst);
        self.most.fetch_max(self.between(), Ordering::SeqCst);
    }
}

#[tokio::test]
async fn a_hundred_thousand_items_come_back_in_order_while_a_slow_reader_makes_few_of_them_wait() {
    let pool = pool("chan_volume").start().await.unwrap();
    let (there, inbox) = channel::<u64>();
    let (outbox, mut back) = channel::<u64>();
    let echo = tokio::spawn(call!(pool, |mut inbox, outbox| async move {
        while let Ok(Some(n)) = inbox.recv().await {
            if outbox.send(n).await.is_err() {
                break;
            }
        }
    }));
    let counters = Arc::new(Counters::default());
    let sender = tokio::spawn({
        let counters = counters.clone();
        async move {
            for n in FIRST..FIRST + ITEMS {
                there.send(n).await.unwrap();
                counters.count_sent();
            }
        }
    });
    // The reader reads nothing until nearly all is full that may be full: one window on each of the two sides of each
    // of the two channels.
    eventually("the channels are full", || {
        counters.between() >= 3 * CHANNEL_WINDOW
    })
    .await;
    for n in FIRST..FIRST + ITEMS {
        // It stays slow.
        if n % 5_000 == 0 {
            let all_sent = || counters.sent.load(Ordering::SeqCst) == ITEMS;
            eventually("the channels are full again", || {
                counters.between() >= 2 * CHANNEL_WINDOW || all_sent()
            })
            .await;
        }
        assert_eq!(back.recv().await.unwrap(), Some(n));
        counters.received.fetch_add(1, Ordering::SeqCst);
    }
    assert_eq!(back.recv().await, Ok(None));
    sender.await.unwrap();
    echo.await.unwrap().unwrap();

    // Two windows in all for each channel, so at most two on each side of it. Beyond that, an item is in the hands of
    // whoever reads or writes, and each of the four queues may go beyond its window by the one that fills it.
    let most = counters.most.load(Ordering::SeqCst);
    eprintln!("at most {most} bytes waited, in windows of {CHANNEL_WINDOW}");
    assert!(most <= 4 * CHANNEL_WINDOW + 8 * COST, "{most} bytes waited");
    pool.shutdown().await;
}

#[tokio::test]
async fn large_items_keep_their_order_among_small_ones() {
    let pool = pool("chan_large").start().await.unwrap();
    let (there, inbox) = channel::<(usize, Blob, Vec<u8>)>();
    let (outbox, mut back) = channel::<(usize, Blob, Vec<u8>)>();
    let echo = tokio::spawn(call!(pool, |mut inbox, outbox| async move {
        while let Ok(Some(item)) = inbox.recv().await {
            let item: (usize, Blob, Vec<u8>) = item;
            outbox.send(item).await.unwrap();
        }
    }));
    // From nothing to four windows, inside of the frame and beside it.
    let sizes = [0, 1, 70_000, 3, 300_000, 1_048_576, 2, 65_537, 0];
    let sender = tokio::spawn(async move {
        for (n, size) in sizes.into_iter().cycle().take(45).enumerate() {
            let (blob, bytes) = (vec![n as u8; size], vec![n as u8; size / 2]);
            there.send((n, blob.into(), bytes)).await.unwrap();
        }
    });
    for (n, size) in sizes.into_iter().cycle().take(45).enumerate() {
        let (number, blob, bytes) = back.recv().await.unwrap().unwrap();
        assert_eq!((number, blob.len(), bytes.len()), (n, size, size / 2));
        assert!(blob.iter().chain(&bytes).all(|byte| *byte == n as u8));
    }
    assert!(back.recv().await.unwrap().is_none());
    sender.await.unwrap();
    echo.await.unwrap().unwrap();
    pool.shutdown().await;
}

#[tokio::test]
async fn an_end_in_a_large_item_hears_what_overtook_it() {
    let pool = pool("chan_early").start().await.unwrap();
    let (there, inbox) = channel::<(Vec<u8>, Rx<u64>, Tx<u64>)>();
    let work = tokio::spawn(call!(pool, |mut inbox| async move {
        while let Ok(Some((_, mut numbers, sums))) = inbox.recv().await {
            let mut sum = 0;
            while let Ok(Some(n)) = numbers.recv().await {
                sum += n;
            }
            let sums: Tx<u64> = sums;
            sums.send(sum).await.unwrap();
        }
    }));
    for count in 0..10 {
        let (numbers, to_sum) = channel();
        let (sum, mut sums) = channel();
        // What it brings is known only when its last byte has come over the other connection. Until then the link
        // speaks of ends that nobody knows: there is room, and nothing more comes.
        let item = (vec![7; 2_000_000], to_sum, sum);
        there.send(item).await.unwrap();
        for n in 0..count {
            numbers.send(n).await.unwrap();
        }
        drop(numbers);
        assert_eq!(sums.recv().await, Ok(Some((0..count).sum())));
    }
    drop(there);
    work.await.unwrap().unwrap();
    pool.shutdown().await;
}

#[tokio::test]
async fn a_thousand_channels_of_one_call_do_not_mix() {
    let pool = pool("chan_many").start().await.unwrap();
    let (ends, mut inboxes): (Vec<Tx<usize>>, Vec<Rx<usize>>) =
        (0..1_000).map(|_| channel()).unzip();
    let work = tokio::spawn(call!(pool, |ends| async move {
        for round in 0..3 {
            for (n, end) in ends.iter().enumerate() {
                end.send(round * 1_000 + n).await.unwrap();
            }
        }
    }));
    for (n, inbox) in inboxes.iter_mut().enumerate() {
        for round in 0..3 {
            assert_eq!(inbox.recv().await, Ok(Some(round * 1_000 + n)));
        }
        assert_eq!(inbox.recv().await, Ok(None));
    }
    work.await.unwrap().unwrap();
    pool.shutdown().await;
}

#[tokio::test]
async fn a_full_channel_delays_no_call_on_its_runner() {
    let pool = pool("chan_full").max_concurrency(2).start().await.unwrap();
    let (tx, rx) = channel::<u64>();
    let (go_on, told) = channel::<()>();
    // Holds its end, and reads nothing until it is told to.
    let reader = tokio::spawn(call!(pool, |mut rx, mut told| async move {
        let told: Option<()> = told.recv().await.unwrap();
        let mut count = 0;
        while let Ok(Some(n)) = rx.recv().await {
            let _: u64 = n;
            count += 1;
        }
        (told, count)
    }));
    let mut sent = 0;
    eventually("it is full", || {
        while tx.try_send(1 << 20).is_ok() {
            sent += 1;
        }
        sent * COST >= 2 * CHANNEL_WINDOW - CHANNEL_WINDOW / 8
    })
    .await;
    assert!(
        sent * COST <= 2 * (CHANNEL_WINDOW + COST),
        "{sent} items waited"
    );
    for n in 0..100u64 {
        assert_eq!(call!(pool, |n| async move { n + 1 }).await.unwrap(), n + 1);
    }
    go_on.send(()).await.unwrap();
    drop(tx);
    assert_eq!(reader.await.unwrap().unwrap(), (Some(()), sent));
    pool.shutdown().await;
}
