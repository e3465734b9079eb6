use std::future::ready;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use flame_core::backend::{BootError, ExitKind, ExitReport};
use flame_core::pool::BOOT_LINGER;
use flame_runtime::{EVENTS_KEPT, Event, Events, Pool};
use flame_task::{Task, task};
use flame_testkit::ScriptedBackend;
use futures_util::StreamExt;
use tokio::time::sleep;

use super::{add, lingers, pool, settle, takes};

#[tokio::test(start_paused = true)]
async fn the_life_of_a_runner_is_told_from_its_boot_until_its_instance_is_gone() {
    let backend = ScriptedBackend::new()
        .delays(Duration::from_secs(2))
        .boots();
    let backend = Arc::new(backend);
    let pool = pool(&backend)
        .max(2)
        .max_concurrency(1)
        .idle_shutdown_after(Duration::from_secs(10))
        .start()
        .await
        .unwrap();
    let events = pool.events();
    assert_eq!(add(1, 1).on(&pool).await.unwrap(), 2);
    sleep(Duration::from_secs(20)).await;
    let (one, other) = tokio::join!(takes(10).on(&pool), takes(10).on(&pool));
    assert_eq!((one.unwrap(), other.unwrap()), (10, 10));
    pool.shutdown().await;
    assert_eq!(
        transcript(events, &backend).await,
        [
            "r0 is booting [1]",
            "r0 is ready after 2s [1]",
            "r0 drains for want of work",
            "r0 has finished [0]",
            "r0 is gone",
            "r1 is booting [1]",
            "r2 is booting [2]",
            "r1 is ready after 0ns [2]",
            "r2 is ready after 0ns [2]",
            "r1 drains because the pool shuts down",
            "r2 drains because the pool shuts down",
            "r1 has finished [1]",
            "r2 has finished [0]",
            "r1 is gone",
            "r2 is gone",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_boot_that_fails_is_told_with_its_cause() {
    let report = ExitReport {
        how: ExitKind::Code(1),
        stderr_tail: Vec::new(),
    };
    let backend = ScriptedBackend::new()
        .fails(BootError::no_capacity())
        .dies_before_calling_back(report)
        .never_calls_back();
    let backend = Arc::new(backend);
    let pool = pool(&backend)
        .boot_timeout(Duration::from_secs(20))
        .start()
        .await
        .unwrap();
    let events = pool.events();
    assert_eq!(add(1, 1).on(&pool).await.unwrap(), 2);
    pool.shutdown().await;
    let told = transcript(events, &backend).await;
    let failures: Vec<_> = told.iter().filter(|line| line.contains("failed")).collect();
    assert_eq!(
        failures,
        [
            "a boot failed: r0: the provider has no capacity [0]",
            "a boot failed: r1: the process started but never called `runner.serve()`; it ended with exit \
             code 1 [0]",
            "a boot failed: r2: the process started but did not call `runner.serve()` within 20s [0]",
        ]
    );
    assert_eq!(
        told.iter().filter(|line| line.contains("is ready")).count(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn a_boot_that_nobody_needs_any_more_is_given_up_and_did_not_fail() {
    let backend = ScriptedBackend::new()
        .never_calls_back()
        .delays(Duration::from_secs(20))
        .boots();
    let backend = Arc::new(backend);
    let pool = pool(&backend).start().await.unwrap();
    let events = pool.events();
    for _ in 0..2 {
        let call = tokio::spawn(add(1, 1).on(&pool));
        settle().await;
        call.abort();
        sleep(BOOT_LINGER).await;
        settle().await;
    }
    pool.shutdown().await;
    assert_eq!(
        transcript(events, &backend).await,
        [
            "r0 is booting [1]",
            "the boot of r0 was given up [0]",
            "r0 is gone",
            "r1 is booting [1]",
            "the boot of r1 was given up [0]",
            "r1 is gone",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_lost_runner_is_told_with_its_end_and_its_calls_and_then_its_replacement() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).max_concurrency(2).start().await.unwrap();
    let events = pool.events();
    let running = [(); 2].map(|()| tokio::spawn(lingers().on(&pool)));
    settle().await;
    let waiting = tokio::spawn(add(1, 1).on(&pool));
    settle().await;
    let report = ExitReport {
        how: ExitKind::OutOfMemory,
        stderr_tail: Vec::new(),
    };
    assert!(backend.kill(&backend.nth_create(0).await, report));
    assert_eq!(waiting.await.unwrap().unwrap(), 2);
    for call in running {
        assert!(call.await.unwrap().is_err());
    }
    pool.shutdown().await;
    assert_eq!(
        transcript(events, &backend).await,
        [
            "r0 is booting [1]",
            "r0 is ready after 0ns [1]",
            "r0 was lost with 2 calls: its process ran out of memory and was killed [0]",
            "r1 is booting [1]",
            "r0 is gone",
            "r1 is ready after 0ns [1]",
            "r1 drains because the pool shuts down",
            "r1 has finished [0]",
            "r1 is gone",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn five_failed_boots_in_a_row_make_a_pool_degraded_until_a_boot_succeeds() {
    let backend = (0..6).fold(ScriptedBackend::new(), |backend, _| {
        backend.fails(BootError::no_capacity())
    });
    let backend = Arc::new(backend.boots());
    let pool = pool(&backend).no_timeout().start().await.unwrap();
    let events = pool.events();
    assert_eq!(add(1, 1).on(&pool).await.unwrap(), 2);
    assert!(!pool.snapshot().counts.is_degraded());
    pool.shutdown().await;
    let told = transcript(events, &backend).await;
    let health: Vec<_> = told
        .iter()
        .map(String::as_str)
        .filter(|line| !line.contains("booting") && !line.contains("gone"))
        .collect();
    let failed = |n| format!("a boot failed: r{n}: the provider has no capacity [0]");
    assert_eq!(
        health,
        [
            &failed(0),
            &failed(1),
            &failed(2),
            &failed(3),
            &failed(4),
            "5 boots in a row have failed",
            &failed(5),
            "r6 is ready after 0ns [1]",
            "a boot has succeeded again",
            "r6 drains because the pool shuts down",
            "r6 has finished [0]",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_runner_that_is_used_once_drains_after_its_call() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).single_use().start().await.unwrap();
    let events = pool.events();
    assert_eq!(add(1, 1).on(&pool).await.unwrap(), 2);
    settle().await;
    pool.shutdown().await;
    let told = transcript(events, &backend).await;
    assert_eq!(told[2], "r0 drains after its one call");
}

/// Work that cannot be stopped: it ends when somebody says so.
fn deaf() -> Task<()> {
    task!(|| STOPPED.wait())
}

/// See [`deaf`].
static STOPPED: Latch = Latch(Mutex::new(false), Condvar::new());

struct Latch(Mutex<bool>, Condvar);

impl Latch {
    fn wait(&self) {
        let open = self.0.lock().unwrap();
        drop(self.1.wait_while(open, |open| !*open).unwrap());
    }

    fn open(&self) {
        *self.0.lock().unwrap() = true;
        self.1.notify_all();
    }
}

#[tokio::test(start_paused = true)]
async fn a_runner_whose_work_does_not_stop_drains_for_that_and_is_lost_after_its_neighbors() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend)
        .max_concurrency(2)
        .cancel_grace(Duration::from_secs(5))
        .start()
        .await
        .unwrap();
    let events = pool.events();
    let deaf = tokio::spawn(deaf().on(&pool).timeout(Duration::from_secs(1)));
    let neighbor = tokio::spawn(takes(10_000).on(&pool));
    settle().await;
    // The clock does not go by itself while a thread is at work.
    pass(1).await;
    assert!(deaf.await.unwrap().is_err());
    pass(6).await;
    assert_eq!(pool.snapshot().counts.poisoned, 1);
    pass(4).await;
    assert_eq!(neighbor.await.unwrap().unwrap(), 10_000);
    STOPPED.open();
    pool.shutdown().await;
    assert_eq!(
        transcript(events, &backend).await,
        [
            "r0 is booting [1]",
            "r0 is ready after 0ns [1]",
            "r0 drains because work on it does not stop",
            "r0 was lost with 0 calls: it was ended because work on it did not stop [0]",
            "r0 is gone",
        ]
    );
}

async fn pass(seconds: u64) {
    tokio::time::advance(Duration::from_secs(seconds)).await;
    settle().await;
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_is_hard_to_destroy_ends_once_and_is_gone_once() {
    let backend = Arc::new(ScriptedBackend::new().fails_to_destroy(3));
    let pool = pool(&backend).min(1).start().await.unwrap();
    let events = pool.events();
    pool.shutdown().await;
    assert_eq!(
        transcript(events, &backend).await,
        [
            "r0 drains because the pool shuts down",
            "r0 has finished [0]",
            "r0 is gone",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_subscriber_hears_what_happens_from_its_subscription_on() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).min(1).start().await.unwrap();
    let early = pool.events();
    pool.shutdown().await;
    let late = pool.events();
    assert_eq!(
        transcript(early, &backend).await,
        [
            "r0 drains because the pool shuts down",
            "r0 has finished [0]",
            "r0 is gone",
        ]
    );
    assert_eq!(late.count().await, 0, "nothing happens to an ended pool");
}

#[tokio::test(start_paused = true)]
async fn a_slow_subscriber_is_told_how_much_it_has_missed() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).single_use().start().await.unwrap();
    let slow = pool.events();
    let all = tokio::spawn(
        pool.events()
            .map(|event| event.to_string())
            .collect::<Vec<_>>(),
    );
    for n in 0..300 {
        assert_eq!(add(n, 0).on(&pool).await.unwrap(), n);
    }
    pool.shutdown().await;
    let all = all.await.unwrap();
    assert!(all.len() > EVENTS_KEPT);
    let kept: Vec<_> = slow.collect().await;
    let Event::Missed { count, .. } = kept[0] else {
        panic!("{}", kept[0])
    };
    assert_eq!(count as usize, all.len() - EVENTS_KEPT);
    let rest: Vec<_> = kept[1..].iter().map(Event::to_string).collect();
    assert_eq!(rest, all[all.len() - EVENTS_KEPT..]);
}

#[tokio::test(start_paused = true)]
async fn a_next_that_is_dropped_loses_nothing_and_the_end_comes_again_and_again() {
    let backend = Arc::new(ScriptedBackend::new());
    let pool = pool(&backend).start().await.unwrap();
    let mut events = pool.events();
    let in_vain = tokio::time::timeout(Duration::from_secs(1), events.next());
    assert!(in_vain.await.is_err());
    assert_eq!(add(1, 1).on(&pool).await.unwrap(), 2);
    let Some(Event::Booting { runners: 1, .. }) = events.next().await else {
        panic!("the first event is lost")
    };
    pool.shutdown().await;
    while events.next().await.is_some() {}
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn a_pool_that_cannot_start_has_no_events() {
    static WITHOUT_MAX: Pool = Pool::new("without_max");
    let mut events = WITHOUT_MAX.events();
    assert!(events.next().await.is_none());
    assert!(WITHOUT_MAX.events().next().await.is_none());
}

/// All events until the end, with short names, and in brackets how many runners there are.
async fn transcript(events: Events, backend: &ScriptedBackend) -> Vec<String> {
    let mut told = Vec::new();
    let mut names: Vec<String> = Vec::new();
    events
        .for_each(|event| {
            told.push(event);
            ready(())
        })
        .await;
    for entry in backend.journal() {
        let name = entry.name.to_string();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    told.iter().map(|event| line(event, &names)).collect()
}

fn line(event: &Event, names: &[String]) -> String {
    let mut line = event.to_string();
    for (n, name) in names.iter().enumerate() {
        let (long, short) = (format!("{name} (task {name})"), format!("r{n}"));
        line = line.replace(&long, &short).replace(name, &short);
    }
    match event {
        Event::Booting { runners, .. }
        | Event::Ready { runners, .. }
        | Event::BootFailed { runners, .. }
        | Event::BootGivenUp { runners, .. }
        | Event::Finished { runners, .. }
        | Event::Lost { runners, .. } => format!("{line} [{runners}]"),
        Event::Draining { .. }
        | Event::Gone { .. }
        | Event::Degraded { .. }
        | Event::Recovered
        | Event::Missed { .. }
        | _ => line,
    }
}
