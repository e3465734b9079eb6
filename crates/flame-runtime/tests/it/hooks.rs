use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flame_core::backend::{BootError, ExitKind, ExitReport};
use flame_runtime::{GrowthOutcome, HOOKS_QUEUED, LossReason};
use flame_testkit::ScriptedBackend;

use super::{add, pool, settle, takes};

/// How long a hook may take to be called, in real time: hooks have a thread of their own.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(start_paused = true)]
async fn each_boot_is_a_growth_by_one_and_each_end_a_shrink_by_one() {
    let backend = Arc::new(ScriptedBackend::new());
    let (told, heard) = channel();
    let (started, ended, shrunk) = (told.clone(), told.clone(), told);
    let pool = pool(&backend)
        .min(2)
        .max(3)
        .max_concurrency(1)
        .on_grow_start(move |growth| tell(&started, format!("growing to {}", growth.count)))
        .on_grow_end(move |growth| match growth.outcome {
            GrowthOutcome::Ready { .. } => tell(&ended, format!("grown to {}", growth.count)),
            GrowthOutcome::Failed(_) | GrowthOutcome::GivenUp | _ => {
                tell(&ended, format!("not grown: {:?}", growth.outcome));
            }
        })
        .on_shrink(move |shrink| {
            assert_eq!(shrink.lost, None);
            assert_eq!(shrink.pool, "scripted");
            tell(&shrunk, format!("shrunk to {}", shrink.count));
        })
        .start()
        .await
        .unwrap();
    let (a, b, c) = tokio::join!(
        takes(10).on(&pool),
        takes(10).on(&pool),
        takes(10).on(&pool)
    );
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    pool.shutdown().await;
    assert_eq!(
        hear(&heard, 9),
        [
            "growing to 1",
            "growing to 2",
            "grown to 2",
            "grown to 2",
            "growing to 3",
            "grown to 3",
            "shrunk to 2",
            "shrunk to 1",
            "shrunk to 0",
        ]
    );
    drop(pool);
    settle().await;
    let end = heard.recv_timeout(PATIENCE);
    assert_eq!(end, Err(RecvTimeoutError::Disconnected), "no further call");
}

#[tokio::test(start_paused = true)]
async fn every_growth_has_one_end_whichever_it_is() {
    let backend = ScriptedBackend::new()
        .fails(BootError::no_capacity())
        .boots()
        .never_calls_back();
    let backend = Arc::new(backend);
    let (told, heard) = channel();
    let shrunk = told.clone();
    let pool = pool(&backend)
        .on_grow_end(move |growth| {
            let outcome = match &growth.outcome {
                GrowthOutcome::Ready { .. } => "ready".to_owned(),
                GrowthOutcome::Failed(failure) => {
                    assert_eq!(failure.instance(), growth.name);
                    "failed".to_owned()
                }
                GrowthOutcome::GivenUp => "given up".to_owned(),
                other => format!("{other:?}"),
            };
            tell(&told, format!("{}: {outcome}", growth.runner));
        })
        .on_shrink(move |shrink| tell(&shrunk, format!("{}: {:?}", shrink.runner, shrink.lost)))
        .start()
        .await
        .unwrap();
    assert_eq!(add(1, 1).on(&pool).await.unwrap(), 2);
    let report = ExitReport {
        how: ExitKind::Signal(9),
        stderr_tail: Vec::new(),
    };
    let lost = format!("runner-1: {:?}", Some(LossReason::Exited(report.clone())));
    assert!(backend.kill(&backend.nth_create(1).await, report));
    settle().await;
    let call = tokio::spawn(add(1, 1).on(&pool));
    settle().await;
    pool.shutdown().await;
    assert!(call.await.unwrap().is_err());
    assert_eq!(
        hear(&heard, 4),
        [
            "runner-0: failed",
            "runner-1: ready",
            &lost,
            "runner-2: given up",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_panics_harms_neither_the_pool_nor_the_hooks_after_it() {
    let backend = Arc::new(ScriptedBackend::new());
    let (told, heard) = channel();
    let pool = pool(&backend)
        .single_use()
        .on_shrink(move |shrink| {
            tell(&told, shrink.runner.to_string());
            assert_ne!(shrink.runner.0, 0, "the first one panics");
        })
        .start()
        .await
        .unwrap();
    for n in 0..3 {
        assert_eq!(add(n, 0).on(&pool).await.unwrap(), n);
    }
    pool.shutdown().await;
    assert_eq!(hear(&heard, 3), ["runner-0", "runner-1", "runner-2"]);
    assert_eq!(backend.undestroyed(), []);
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_never_returns_delays_neither_calls_nor_boots() {
    let backend = Arc::new(ScriptedBackend::new());
    let (told, entered) = channel();
    let (_stuck, never) = channel::<()>();
    let never = Mutex::new(never);
    let pool = pool(&backend)
        .max(2)
        .max_concurrency(1)
        .on_grow_start(move |growth| {
            tell(&told, growth.runner.to_string());
            let _ = never.lock().unwrap().recv();
        })
        .start()
        .await
        .unwrap();
    let first = tokio::spawn(takes(60_000).on(&pool).timeout(Duration::from_secs(61)));
    settle().await;
    assert_eq!(hear(&entered, 1), ["runner-0"], "the hook is in there");
    // This one has a boot of its own, behind the hook's back.
    assert_eq!(add(1, 1).on(&pool).await.unwrap(), 2);
    assert_eq!(first.await.unwrap().unwrap(), 60_000);
    pool.shutdown().await;
    assert!(entered.try_recv().is_err(), "it still is");
}

#[tokio::test(start_paused = true)]
async fn what_finds_no_room_behind_a_stuck_hook_is_dropped_and_counted() {
    let backend = Arc::new(ScriptedBackend::new());
    let (told, entered) = channel();
    let (release, released) = channel::<()>();
    let released = Mutex::new(released);
    let pool = pool(&backend)
        .single_use()
        .on_shrink(move |shrink| {
            tell(&told, shrink.runner.to_string());
            // Waits once, for the release.
            let _ = released.lock().unwrap().recv();
        })
        .start()
        .await
        .unwrap();
    assert_eq!(add(1, 1).on(&pool).await.unwrap(), 2);
    settle().await;
    assert_eq!(hear(&entered, 1), ["runner-0"], "the first one is in there");
    let more = HOOKS_QUEUED as u32 + 43;
    for n in 0..more {
        assert_eq!(add(n, 0).on(&pool).await.unwrap(), n);
    }
    settle().await;
    assert_eq!(pool.snapshot().hooks_missed, 43);
    pool.shutdown().await;
    drop(release);
    let rest = hear(&entered, HOOKS_QUEUED);
    assert_eq!(rest.last().unwrap(), &format!("runner-{HOOKS_QUEUED}"));
    drop(pool);
    settle().await;
    let end = entered.recv_timeout(PATIENCE);
    assert_eq!(end, Err(RecvTimeoutError::Disconnected), "no further call");
}

#[tokio::test(start_paused = true)]
async fn a_hook_may_spawn_what_it_cannot_do_without_waiting() {
    let backend = Arc::new(ScriptedBackend::new());
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let pool = pool(&backend)
        .min(1)
        .on_grow_start(move |growth| {
            let (told, count) = (told.clone(), growth.count);
            tokio::spawn(async move { told.send(count) });
        })
        .start()
        .await
        .unwrap();
    assert_eq!(heard.recv().await, Some(1));
    pool.shutdown().await;
}

fn tell(to: &Sender<String>, what: String) {
    // The test may be over.
    let _ = to.send(what);
}

fn hear(from: &Receiver<String>, lines: usize) -> Vec<String> {
    (0..lines)
        .map(|_| from.recv_timeout(PATIENCE).unwrap())
        .collect()
}
