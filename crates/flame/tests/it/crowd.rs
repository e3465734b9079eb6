use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use flame::{Call, CallError, ChildProcess, Pool};
use flame_oracle::{Entry, Journal, Told};

use crate::recorded::{Records, has_its_capacity, is_conserved, told};
#[cfg(target_os = "linux")]
use crate::scenarios;
use crate::tasks::pool;

const CALLERS: u64 = 10_000;
const RUNNERS: usize = 2;

/// Notes that it ran, as quickly as it can.
#[flame::remote]
async fn passes(journal: PathBuf, id: u64) {
    let journal = Journal::at(journal);
    journal.started(id).unwrap();
    journal.ended(id).unwrap();
}

/// Takes along as much as it is given.
#[flame::remote]
async fn carries(payload: flame::Blob) -> usize {
    payload.len()
}

/// Asks the pool for a slot, and does not wait.
fn submit<R: Send + 'static>(call: &mut Call<R>) -> Poll<Result<R, CallError>> {
    Pin::new(call).poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test]
async fn ten_thousand_callers_at_once_are_served_in_the_order_in_which_they_came() {
    let records = Records::new();
    let pool = pool("crowd")
        .max(RUNNERS)
        .max_concurrency(1)
        .timeout(Duration::from_secs(110))
        .start()
        .await
        .unwrap();
    let mut calls = Vec::new();
    for id in 0..CALLERS {
        records.journal.called(id, "passes").unwrap();
        let mut call = passes(records.path(), id).on(&pool);
        assert!(submit(&mut call).is_pending());
        calls.push(call);
    }
    for (id, call) in (0..).zip(calls) {
        let outcome = call.await;
        assert!(outcome.is_ok(), "{outcome:?}");
        records.journal.told(id, told(&outcome), "").unwrap();
    }
    assert_eq!(records.judged().told("ok"), CALLERS as usize);
    started_in_order(&records);
    is_conserved(&pool).await;
    has_its_capacity(&pool, RUNNERS, 1).await;
    pool.shutdown().await;
}

/// What is granted in order starts in order on each runner. Between two runners, what one of them was granted may
/// start late, while the other goes on: so at each start at most one earlier call has not started.
fn started_in_order(records: &Records) {
    let mut last_of = BTreeMap::new();
    let mut late = BTreeSet::new();
    let mut next = 0;
    for line in records.journal.lines().unwrap() {
        let Some(Entry::Started { id, pid }) = Entry::parse(&line) else {
            continue;
        };
        let before = last_of.insert(pid, id);
        assert!(before < Some(id), "{id} started after {before:?} on {pid}");
        late.extend(next..id);
        late.remove(&id);
        next = next.max(id + 1);
        assert!(late.len() < RUNNERS, "{id} started before {late:?}");
    }
    assert_eq!(last_of.len(), RUNNERS, "one runner did it all");
}

/// A pool that has callers and never a runner: what it starts never calls back.
async fn without_runners(name: &str, max_queue: usize) -> Pool {
    pool(name)
        .max_queue(max_queue)
        .boot_timeout(Duration::from_secs(600))
        .backend(
            ChildProcess::new()
                .program("/bin/sh")
                .args(["-c", "read never"]),
        )
        .start()
        .await
        .unwrap()
}

#[tokio::test]
async fn who_comes_to_a_full_queue_is_refused_before_any_runner_is_there() {
    let records = Records::new();
    let max_queue = 1_000;
    let pool = without_runners("full", max_queue as usize).await;
    let mut waiting = Vec::new();
    for id in 0..max_queue {
        records.journal.called(id, "waits").unwrap();
        let mut call = passes(records.path(), id).on(&pool);
        assert!(submit(&mut call).is_pending());
        waiting.push(call);
    }
    for id in max_queue..2 * max_queue {
        // Tokio lets a task make only so many polls that get something before it pauses.
        tokio::task::yield_now().await;
        records.journal.called(id, "comes too late").unwrap();
        // Refused by the first poll: it cannot have waited for anybody.
        let outcome = submit(&mut passes(records.path(), id).on(&pool));
        let Poll::Ready(Err(error @ CallError::QueueFull { limit })) = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(limit, max_queue as usize);
        assert!(error.is_retryable());
        records.journal.told(id, Told::NotStarted, "").unwrap();
    }
    // One leaves, and one more may come.
    waiting.pop();
    records
        .journal
        .told(max_queue - 1, Told::LeftTheQueue, "")
        .unwrap();
    let mut one_more = passes(records.path(), 2 * max_queue).on(&pool);
    records.journal.called(2 * max_queue, "waits").unwrap();
    assert!(submit(&mut one_more).is_pending());
    waiting.push(one_more);

    let counts = pool.snapshot().counts;
    assert_eq!((counts.queued, counts.ready), (max_queue as usize, 0));
    pool.shutdown().await;
    let ids = (0..max_queue - 1).chain([2 * max_queue]);
    for (id, call) in ids.zip(waiting) {
        let outcome = call.await;
        assert!(
            matches!(outcome, Err(CallError::PoolShutdown)),
            "{outcome:?}"
        );
        records.journal.told(id, told(&outcome), "").unwrap();
    }
    let tally = records.judged();
    assert_eq!(
        (tally.called, tally.started),
        (2 * max_queue as usize + 1, 0)
    );
    is_conserved(&pool).await;
}

#[cfg(target_os = "linux")]
#[test]
fn a_waiting_caller_takes_little_more_memory_than_what_it_brings_along() {
    takes_little_more("holds_a_crowd");
    takes_little_more("holds_a_laden_crowd");
}

/// Asks a process of its own, so that no other test allocates, and none has left memory for it to use.
#[cfg(target_os = "linux")]
fn takes_little_more(scenario: &str) {
    let bytes = scenarios::start(scenario).says_number("each takes ");
    eprintln!("crowd: each that waits takes {bytes} bytes beside its payload ({scenario})");
    // Promised is 1 KiB. The allocator keeps something back, too, which is not ours to answer for.
    assert!(bytes <= 1_024 + 128, "{bytes}");
}

/// Lets callers wait, and tells how much memory each of them takes beside its payload.
pub(crate) async fn hold_a_crowd(payload: u64, tell: impl Fn(&str)) {
    let pool = without_runners("held", CALLERS as usize).await;
    // What the first call brings about is not the callers'.
    let first = submit(&mut carries(vec![0; payload as usize].into()).on(&pool));
    assert!(first.is_pending());
    let mut calls = Vec::with_capacity(CALLERS as usize);
    let before = resident_bytes();
    for _ in 0..CALLERS {
        let mut call = carries(vec![1; payload as usize].into()).on(&pool);
        assert!(submit(&mut call).is_pending());
        calls.push(call);
    }
    let each = (resident_bytes() - before) / CALLERS;
    tell(&format!("each takes {}", each.saturating_sub(payload)));
    pool.shutdown().await;
}

/// How much memory this process uses.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = resident.and_then(|resident| resident.trim().strip_suffix(" kB"));
    kibibytes.unwrap().parse::<u64>().unwrap() * 1024
}
