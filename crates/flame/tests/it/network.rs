//! Runners that are dialed by nobody and dial their parent over TCP and TLS, as those on other hosts do.

pub(crate) mod attacks;
mod eavesdropping;
mod intruder;
mod replay;

use std::net::{Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flame::{
    Blob, CallError, ExitKind, ParentAddress, PoolBuilder, Resident, Tx, call, channel, task,
};
use flame_testkit::LoopbackBackend;
use rustix::process::Signal;

use crate::marks::Marks;
use crate::processes::{eventually, freeze, is_alive, signal};
use crate::scenarios::{self, start_with, tell};
use crate::tasks::{self, process_id, stays};

/// What makes a copy of this binary a runner.
pub(crate) const ARGUMENTS: [&str; 3] = ["flame_test_runner", "--exact", "--nocapture"];

/// Runners that are reached over the loopback interface.
fn loopback() -> LoopbackBackend {
    LoopbackBackend::new().args(ARGUMENTS)
}

/// Where the parent listens, as a copy was told: the first address in the text.
fn dialed(told: &str) -> SocketAddr {
    let message = URL_SAFE_NO_PAD.decode(told.strip_prefix("flame1.").unwrap());
    let message = String::from_utf8_lossy(&message.unwrap()).into_owned();
    let at = message.find("127.0.0.1:").unwrap();
    let end = |c: char| !c.is_ascii_digit() && c != '.' && c != ':';
    message[at..].split(end).next().unwrap().parse().unwrap()
}

fn pool(name: &str) -> PoolBuilder {
    tasks::pool(name).backend(loopback())
}

#[tokio::test]
async fn calls_go_over_either_version_of_ip() {
    for host in [[127, 0, 0, 1].into(), Ipv6Addr::LOCALHOST.into()] {
        let address = ParentAddress::new(SocketAddr::new(host, 0));
        let backend = LoopbackBackend::listening_on(address).args(ARGUMENTS);
        let pool = tasks::pool("versions")
            .backend(backend)
            .start()
            .await
            .unwrap();
        assert_ne!(process_id().on(&pool).await.unwrap(), std::process::id());
        let name = String::from("flame");
        let said = call!(pool, |name| async move { format!("hello {name}") }).await;
        assert_eq!(said.unwrap(), "hello flame", "{host}");
        pool.shutdown().await;
    }
}

#[tokio::test]
async fn the_parent_may_be_dialed_by_a_name() {
    let address = ParentAddress {
        advertise: Some("localhost".to_owned()),
        ..ParentAddress::new("127.0.0.1:0".parse().unwrap())
    };
    let backend = LoopbackBackend::listening_on(address).args(ARGUMENTS);
    let pool = tasks::pool("named").backend(backend).start().await.unwrap();
    process_id().on(&pool).await.unwrap();
    pool.shutdown().await;
}

#[tokio::test]
async fn payloads_of_every_size_come_back_unchanged() {
    let pool = pool("far_payloads").start().await.unwrap();
    for size in [0usize, 65_536, 65_537, 16 << 20] {
        let blob = Blob::from((0..size).map(|i| (i % 251) as u8).collect::<Vec<_>>());
        let sent = blob.clone();
        let back = call!(pool, |blob| async move { blob }).await.unwrap();
        assert!(*back == *sent, "{size} bytes came back changed");
    }
    pool.shutdown().await;
}

#[tokio::test]
async fn large_payloads_of_many_calls_do_not_mix() {
    let pool = pool("far_mixing").max_concurrency(8).start().await.unwrap();
    let calls = (0..16u8).map(|n| {
        let blob = Blob::from(vec![n; 700_000 + usize::from(n)]);
        tokio::spawn(call!(pool, |blob, n| async move {
            (blob.iter().all(|byte| *byte == n), blob)
        }))
    });
    for (n, call) in calls.collect::<Vec<_>>().into_iter().enumerate() {
        let (pure, blob) = call.await.unwrap().unwrap();
        assert!(pure && blob.len() == 700_000 + n);
    }
    pool.shutdown().await;
}

#[tokio::test]
async fn what_is_placed_there_lives_until_it_is_let_go() {
    let marks = Marks::new();
    let pool = pool("far_children").start().await.unwrap();
    let placed = pool.place_task(stays(marks.path("lives"))).await.unwrap();
    let runner: u32 = marks.says("lives").await.parse().unwrap();
    assert_eq!(process_id().on(&pool).await.unwrap(), runner);
    drop(placed);
    eventually("it has ended", || {
        let counts = pool.snapshot().counts;
        counts.running + counts.unconfirmed == 0
    })
    .await;
    pool.shutdown().await;
}

#[flame::remote]
async fn keeps(text: String) -> Resident<String> {
    Resident::new(text)
}

#[flame::remote]
async fn length(text: Resident<String>) -> Option<usize> {
    text.get().map(|text| text.len())
}

#[tokio::test]
async fn a_value_stays_there_for_the_calls_that_need_it() {
    let pool = pool("far_residents").start().await.unwrap();
    let text = keeps("x".repeat(1_000_000)).on(&pool).await.unwrap();
    assert_eq!(
        length(text.clone()).on(&pool).await.unwrap(),
        Some(1_000_000)
    );
    drop(text);
    pool.shutdown().await;
}

#[tokio::test]
async fn items_travel_while_the_call_runs() {
    let pool = pool("far_channels").start().await.unwrap();
    let (tx, mut rx) = channel::<Vec<u8>>();
    let counts = task!(|tx| async move {
        for n in 0..200u8 {
            tx.send(vec![n; 50_000]).await.unwrap();
        }
        drop::<Tx<Vec<u8>>>(tx);
    });
    let call = tokio::spawn(counts.on(&pool));
    for n in 0..200u8 {
        let item = rx.recv().await.unwrap().unwrap();
        assert!(item.len() == 50_000 && item.iter().all(|byte| *byte == n));
    }
    assert!(rx.recv().await.unwrap().is_none());
    call.await.unwrap().unwrap();
    pool.shutdown().await;
}

#[tokio::test]
async fn a_runner_that_is_drained_ends_by_itself() {
    let marks = Marks::new();
    let pool = pool("far_drains")
        .idle_shutdown_after(Duration::from_millis(50))
        .start()
        .await
        .unwrap();
    let runner = process_id().on(&pool).await.unwrap();
    eventually("the idle runner is gone", || !is_alive(runner)).await;
    // And one that has work at the shutdown ends it first.
    let call = tasks::holds(marks.path("begun"), marks.path("enough"));
    let call = tokio::spawn(call.on(&pool));
    marks.seen("begun").await;
    marks.leave("enough");
    pool.shutdown().await;
    call.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_runner_that_is_killed_is_lost_and_replaced() {
    let marks = Marks::new();
    let pool = pool("far_kills").start().await.unwrap();
    let call = tokio::spawn(stays(marks.path("begun")).on(&pool));
    let runner: u32 = marks.says("begun").await.parse().unwrap();
    signal(runner, Signal::KILL);
    let CallError::RunnerLost(lost) = call.await.unwrap().unwrap_err() else {
        panic!("the runner lives")
    };
    assert_eq!(lost.reason.exit(), Some(ExitKind::Signal(9)));
    assert_ne!(process_id().on(&pool).await.unwrap(), runner);
    pool.shutdown().await;
}

/// The peer-loss bound of a parent that is to be killed or frozen.
const BOUND: Duration = Duration::from_secs(1);
/// How long its runner lets work go on that does not stop.
const GRACE: Duration = Duration::from_millis(200);

/// Boots a runner, tells its process id, keeps it busy, and waits for what is done to it.
pub(crate) async fn holds_a_remote_runner() {
    let pool = pool("far_held")
        .peer_loss_after(BOUND)
        .cancel_grace(GRACE)
        .start()
        .await
        .unwrap();
    let there = process_id().on(&pool).await.unwrap();
    tell(&format!("booted: {there}"));
    let _ = call!(pool, || loop {
        std::thread::park();
    } as ())
    .await;
}

#[tokio::test]
async fn a_runner_whose_parent_is_killed_ends_within_its_bound_without_a_lifeline() {
    let mut parent = scenarios::start("holds_a_remote_runner");
    let runner = parent.says_number("booted:");
    parent.kill();
    let killed_at = Instant::now();
    eventually("the runner ends by itself", || !is_alive(runner)).await;
    let took = killed_at.elapsed();
    assert!(took < BOUND + GRACE + Duration::from_secs(3), "{took:?}");
}

#[tokio::test]
async fn a_runner_whose_parent_is_silent_ends_within_its_bound_without_a_lifeline() {
    let parent = start_with("holds_a_remote_runner", |command| command);
    let runner = parent.says_number("booted:");
    freeze(parent.pid()).await;
    let frozen_at = Instant::now();
    eventually("the runner ends by itself", || !is_alive(runner)).await;
    let took = frozen_at.elapsed();
    assert!(took > BOUND / 2, "only silence told it: {took:?}");
    assert!(took < BOUND + GRACE + Duration::from_secs(4), "{took:?}");
}

/// What the kernel knows of this process's listeners on TCP ports.
fn listeners() -> usize {
    let inodes: Vec<String> = ["/proc/self/net/tcp", "/proc/self/net/tcp6"]
        .iter()
        .flat_map(|path| {
            let table = std::fs::read_to_string(path).unwrap_or_default();
            let listening = table
                .lines()
                .filter(|line| line.split_whitespace().nth(3) == Some("0A"));
            let inodes =
                listening.filter_map(|line| line.split_whitespace().nth(9).map(str::to_owned));
            inodes.collect::<Vec<_>>()
        })
        .collect();
    let own = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
    let links = own.filter_map(|fd| std::fs::read_link(fd.path()).ok());
    links
        .filter(|link| {
            let link = link.to_string_lossy();
            let inode = link
                .strip_prefix("socket:[")
                .and_then(|rest| rest.strip_suffix(']'));
            inode.is_some_and(|inode| inodes.iter().any(|known| known == inode))
        })
        .count()
}

#[flame::remote]
async fn counts_its_listeners() -> usize {
    listeners()
}

#[tokio::test]
async fn nobody_listens_but_the_parent_and_it_only_while_a_pool_is_remote() {
    // In a process of its own: other tests of this one have listeners.
    let pool = tasks::pool("listeners").start().await.unwrap();
    let there = call!(pool, || async move {
        let before = listeners();
        let first = crate::network::pool("inner").start().await.unwrap();
        let second = crate::network::pool("second").start().await.unwrap();
        let runner = counts_its_listeners().on(&first).await.unwrap();
        let during = listeners();
        first.shutdown().await;
        drop(first);
        let still = listeners();
        second.shutdown().await;
        drop(second);
        eventually("the listener is gone", || listeners() == 0).await;
        (before, runner, during, still)
    });
    assert_eq!(there.await.unwrap(), (0, 0, 1, 1));
    pool.shutdown().await;
}

#[flame::remote]
async fn starts_a_copy_of_the_app() -> String {
    let said = std::process::Command::new("/bin/sh")
        .args(["-c", "\"$0\" \"$@\"; exit 0"])
        .arg(std::env::current_exe().unwrap())
        .args([
            "network::says_whether_it_is_a_runner",
            "--exact",
            "--nocapture",
        ])
        .output()
        .unwrap();
    String::from_utf8_lossy(&said.stdout).into_owned()
}

/// Says it to whoever started this process.
#[test]
fn says_whether_it_is_a_runner() {
    tell(&format!("a runner: {}", flame::is_runner()));
}

#[tokio::test]
async fn a_copy_of_the_app_that_a_task_starts_does_not_take_itself_for_the_runner() {
    let pool = pool("copies").start().await.unwrap();
    let told = call!(pool, || async move {
        (std::env::var("FLAME_PARENT").is_ok(), flame::is_runner())
    });
    assert_eq!(told.await.unwrap(), (true, true));
    let said = starts_a_copy_of_the_app().on(&pool).await.unwrap();
    assert!(said.contains("a runner: false"), "{said}");
    pool.shutdown().await;
}
