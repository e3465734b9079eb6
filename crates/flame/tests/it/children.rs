//! Actors that are placed on a runner, and live there.

use std::time::Duration;

use flame::{
    Actor, AskError, CallError, CallerKind, Ctx, ExitKind, Outcome, PlaceOptions, Placed, Pool,
    Reply, SendFailure,
};
use rustix::process::Signal;
use serde::{Deserialize, Serialize};

use crate::marks::{self, Marks};
use crate::processes::{eventually, is_alive, signal};
use crate::scenarios;
use crate::tasks::{pool, process_id};

/// Adds up what it is told.
#[derive(Default)]
struct Sum {
    sum: u64,
    ending: Ending,
}

#[derive(Serialize, Deserialize)]
enum Msg {
    Add(u64),
    Get(Reply<u64>),
    Runner(Reply<u32>),
    Forget(Reply<()>),
    Fail,
    Panic,
    ExitProcess(i32),
    End(Ending),
}

/// How it will take its end.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
enum Ending {
    #[default]
    WhenAsked,
    /// It is done as soon as it is told.
    AtOnce,
    /// Its `stop` never returns.
    Hangs,
}

impl Actor for Sum {
    type Args = Option<u64>;
    type Msg = Msg;
    type Exit = (u64, u32);
    type Error = String;

    async fn start(first: Option<u64>, _: &Ctx) -> Result<Self, String> {
        let sum = first.ok_or("there is nothing to begin with")?;
        Ok(Self {
            sum,
            ..Self::default()
        })
    }

    async fn handle(&mut self, msg: Msg, cx: &Ctx) -> Result<(), String> {
        match msg {
            Msg::Add(n) => self.sum += n,
            Msg::Get(reply) => reply.send(self.sum),
            Msg::Runner(reply) => reply.send(std::process::id()),
            Msg::Forget(reply) => drop(reply),
            Msg::Fail => return Err(format!("{} is too much for {}", self.sum, cx.task())),
            Msg::Panic => panic!("{} is unlucky", self.sum),
            Msg::ExitProcess(code) => std::process::exit(code),
            Msg::End(ending) => self.ending = ending,
        }
        Ok(())
    }

    async fn stop(self, cx: &Ctx) -> (u64, u32) {
        if self.ending == Ending::Hangs {
            cx.cancelled().await;
        }
        (self.sum, std::process::id())
    }

    fn is_done(&self) -> bool {
        self.ending == Ending::AtOnce
    }
}

/// A pool with one slot, and a child in it.
async fn place(name: &str) -> (Pool, Placed<Sum>, u32) {
    let pool = pool(name)
        .max_concurrency(1)
        .shutdown_timeout(Duration::from_millis(300))
        .start()
        .await
        .unwrap();
    let child = pool.place_child::<Sum>(Some(1)).await.unwrap();
    let runner = child.ask(Msg::Runner).await.unwrap();
    (pool, child, runner)
}

/// The slot is free again: somebody gets it.
async fn slot_is_free(pool: &Pool) {
    process_id().on(pool).await.unwrap();
    assert_eq!(pool.snapshot().counts.of(CallerKind::Child).running, 0);
}

#[tokio::test]
async fn a_child_keeps_its_state_on_its_runner_and_leaves_its_exit() {
    let (pool, child, runner) = place("sums").await;
    assert_ne!(runner, std::process::id());
    for n in 1..=100 {
        child.send(Msg::Add(n)).await.unwrap();
    }
    assert_eq!(child.ask(Msg::Get).await.unwrap(), 5_051);
    assert_eq!(child.stop().await.unwrap(), (5_051, runner));
    slot_is_free(&pool).await;
    pool.shutdown().await;
}

#[tokio::test]
async fn a_runner_with_a_child_does_not_go_for_want_of_work() {
    let pool = pool("idling")
        .idle_shutdown_after(Duration::from_millis(20))
        .start()
        .await
        .unwrap();
    let child = pool.place_child::<Sum>(Some(1)).await.unwrap();
    let runner = child.ask(Msg::Runner).await.unwrap();
    // Another one comes and goes for want of work, and this one is still there.
    let mut events = pool.events();
    let other = pool.place_child::<Sum>(Some(2)).await.unwrap();
    assert_eq!(other.ask(Msg::Runner).await.unwrap(), runner);
    other.stop().await.unwrap();
    assert_eq!(child.ask(Msg::Get).await.unwrap(), 1);
    child.stop().await.unwrap();
    while !matches!(events.next().await, Some(flame::Event::Draining { .. })) {}
    eventually("the idle runner is gone", || !is_alive(runner)).await;
    pool.shutdown().await;
}

#[tokio::test]
async fn a_child_that_cannot_start_is_a_typed_error_and_its_slot_is_free() {
    let pool = pool("unable").max_concurrency(1).start().await.unwrap();
    let error = pool.place_child::<Sum>(None).await.unwrap_err();
    let CallError::StartFailed { child, message } = &error else {
        panic!("{error:?}")
    };
    assert!(child.ends_with("children::Sum"), "{child}");
    assert_eq!(message, "there is nothing to begin with");
    assert_eq!(error.outcome(), Outcome::Done);
    slot_is_free(&pool).await;
    pool.shutdown().await;
}

#[tokio::test]
async fn a_child_that_fails_or_panics_or_is_done_reports_it_once_and_its_slot_is_free() {
    let (pool, child, _) = place("ends").await;
    child.send(Msg::Fail).await.unwrap();
    let error = child.closed().await.unwrap_err();
    let CallError::ChildFailed { message, .. } = &error else {
        panic!("{error:?}")
    };
    assert!(message.starts_with("1 is too much for "), "{message}");
    slot_is_free(&pool).await;

    let child = pool.place_child::<Sum>(Some(13)).await.unwrap();
    child.send(Msg::Panic).await.unwrap();
    let error = child.closed().await.unwrap_err();
    let CallError::Panicked { task, panic, .. } = &error else {
        panic!("{error:?}")
    };
    assert!(task.ends_with("children::Sum"), "{task}");
    assert_eq!(panic.message, "13 is unlucky");
    slot_is_free(&pool).await;

    let child = pool.place_child::<Sum>(Some(7)).await.unwrap();
    child.send(Msg::End(Ending::AtOnce)).await.unwrap();
    assert_eq!(child.closed().await.unwrap().0, 7);
    slot_is_free(&pool).await;
    pool.shutdown().await;
}

#[tokio::test]
async fn a_child_whose_runner_dies_is_reported_lost_once_and_never_starts_again() {
    let (pool, child, runner) = place("dying").await;
    let mailbox = child.mailbox();
    let closed = tokio::spawn(child.closed());
    signal(runner, Signal::KILL);
    let CallError::RunnerLost(lost) = closed.await.unwrap().unwrap_err() else {
        panic!("the runner lives")
    };
    assert_eq!(lost.reason.exit(), Some(ExitKind::Signal(9)));
    assert!(lost.task.ends_with("children::Sum"), "{}", lost.task);
    eventually("the mailbox is closed", || mailbox.is_closed()).await;
    let unsent = mailbox.send(Msg::Add(5)).await.unwrap_err();
    assert_eq!(unsent.failure, SendFailure::Lost);
    assert!(matches!(unsent.value, Msg::Add(5)));
    slot_is_free(&pool).await;

    let child = pool.place_child::<Sum>(Some(1)).await.unwrap();
    child.send(Msg::ExitProcess(9)).await.unwrap();
    let CallError::RunnerLost(lost) = child.closed().await.unwrap_err() else {
        panic!("the runner lives")
    };
    assert_eq!(lost.reason.exit(), Some(ExitKind::Code(9)));
    let children = pool.snapshot().counts.of(CallerKind::Child).totals;
    assert_eq!((children.submitted, children.granted), (2, 2));
    assert_eq!(children.lost, 2);
    pool.shutdown().await;
}

#[tokio::test]
async fn a_child_whose_pool_shuts_down_is_stopped_in_order_and_says_so_once() {
    let (pool, child, runner) = place("closing").await;
    child.send(Msg::Add(2)).await.unwrap();
    assert_eq!(child.ask(Msg::Get).await.unwrap(), 3);
    let closed = tokio::spawn(child.closed());
    pool.shutdown().await;
    assert_eq!(closed.await.unwrap().unwrap(), (3, runner));
    assert!(!is_alive(runner));
}

#[tokio::test]
async fn a_child_that_does_not_stop_in_time_is_killed() {
    let (pool, child, _) = place("hanging").await;
    child.send(Msg::End(Ending::Hangs)).await.unwrap();
    let error = child.stop().await.unwrap_err();
    assert!(matches!(error, CallError::Cancelled { .. }), "{error:?}");
    slot_is_free(&pool).await;
    pool.shutdown().await;
}

#[tokio::test]
async fn dropping_the_handle_ends_the_child_and_frees_its_slot() {
    let (pool, child, _) = place("linked").await;
    let mailbox = child.mailbox();
    drop(child);
    slot_is_free(&pool).await;
    eventually("the mailbox is closed", || mailbox.is_closed()).await;
    pool.shutdown().await;
}

#[tokio::test]
async fn a_child_goes_with_the_task_that_holds_its_handle() {
    let (pool, child, _) = place("held").await;
    let mailbox = child.mailbox();
    let holder = tokio::spawn(child.closed());
    holder.abort();
    assert!(holder.await.unwrap_err().is_cancelled());
    slot_is_free(&pool).await;
    eventually("the mailbox is closed", || mailbox.is_closed()).await;
    pool.shutdown().await;
}

#[tokio::test]
async fn a_killed_parent_takes_its_children_along_also_a_detached_one() {
    let mut parent = scenarios::start("holds_children");
    let runners = [
        parent.says_number("linked:"),
        parent.says_number("detached:"),
    ];
    assert!(runners.into_iter().all(is_alive));
    parent.kill();
    for runner in runners {
        eventually("the runner is gone", || !is_alive(runner)).await;
    }
}

/// Places two children on two runners, tells where they live, and waits to be killed.
pub(crate) async fn hold_children() {
    let (_pool, linked, there) = place("linked").await;
    scenarios::tell(&format!("linked: {there}"));
    let other = pool("detached").start().await.unwrap();
    let options = PlaceOptions::new().detached();
    let detached = other
        .place_child_with::<Sum>(Some(1), options)
        .await
        .unwrap();
    let there = detached.ask(Msg::Runner).await.unwrap();
    scenarios::tell(&format!("detached: {there}"));
    linked.closed().await.unwrap();
}

#[tokio::test]
async fn a_detached_child_lives_on_without_its_handle_until_the_pool_ends() {
    let pool = pool("detached").start().await.unwrap();
    let options = PlaceOptions::new().detached();
    let child = pool
        .place_child_with::<Sum>(Some(1), options)
        .await
        .unwrap();
    let mailbox = child.mailbox();
    drop(child);
    assert_eq!(mailbox.ask(Msg::Get).await.unwrap(), 1);
    drop(mailbox);
    process_id().on(&pool).await.unwrap();
    let children = || pool.snapshot().counts.of(CallerKind::Child);
    assert_eq!(children().running, 1);
    pool.shutdown().await;
    assert_eq!(children().totals.returned, 1);
}

#[tokio::test]
async fn a_question_without_a_reply_says_so() {
    let (pool, child, _) = place("silent").await;
    assert_eq!(child.ask(Msg::Forget).await.unwrap_err(), AskError::NoReply);
    assert_eq!(child.ask(Msg::Get).await.unwrap(), 1);
    child.stop().await.unwrap();
    pool.shutdown().await;
}

/// Looks at one message only when there is the mark.
struct Slow(String);

impl Actor for Slow {
    type Args = String;
    type Msg = Vec<u8>;
    type Exit = ();
    type Error = String;

    async fn start(mark: String, _: &Ctx) -> Result<Self, String> {
        Ok(Self(mark))
    }

    async fn handle(&mut self, _: Vec<u8>, _: &Ctx) -> Result<(), String> {
        let mark = self.0.clone();
        let wait = tokio::task::spawn_blocking(move || marks::block_until_left(&mark));
        wait.await.map_err(|error| error.to_string())
    }

    async fn stop(self, _: &Ctx) {}
}

#[tokio::test]
async fn a_child_that_is_behind_holds_back_whoever_writes_to_it() {
    let seen = Marks::new();
    let pool = pool("slow").start().await.unwrap();
    let child = pool.place_child::<Slow>(seen.path("go")).await.unwrap();
    let mailbox = child.mailbox();
    let (all, each) = (100, 64 * 1024);
    let sent = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = sent.clone();
    let writer = tokio::spawn(async move {
        for _ in 0..all {
            mailbox.send(vec![0; each]).await.unwrap();
            counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }
    });
    let mut last = usize::MAX;
    eventually("the writer is held back", || {
        let now = sent.load(std::sync::atomic::Ordering::SeqCst);
        now > 0 && std::mem::replace(&mut last, now) == now
    })
    .await;
    let sent = sent.load(std::sync::atomic::Ordering::SeqCst);
    let two_windows_on_each_side = 4 * usize::try_from(flame::CHANNEL_WINDOW).unwrap() / each;
    assert!(sent <= two_windows_on_each_side + 1, "{sent} were sent");
    seen.leave("go");
    writer.await.unwrap();
    child.stop().await.unwrap();
    pool.shutdown().await;
}
