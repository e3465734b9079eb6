//! A host, or a container, that runs out of memory.

use std::fs;
use std::path::{Path, PathBuf};

use flame::{ExitKind, task};
use rustix::process::Signal;

use super::{at_rest, end_of_runner};
use crate::marks::Marks;
use crate::processes::{eventually, signal};
use crate::scenarios::{start_with, tell};
use crate::tasks::{pool, process_id, stays};

/// Tells the parent which group it is to join.
const GROUP: &str = "FLAME_TEST_GROUP";
/// Tells the parent where its marks are.
const FOLDER: &str = "FLAME_TEST_MARKS";

#[tokio::test]
async fn a_runner_that_takes_too_much_memory_is_lost_by_that_cause_and_a_later_kill_is_a_kill() {
    let group = match Group::new() {
        Ok(group) => group,
        Err(why) if kernel_has_groups() && std::env::var_os("CI").is_some() => panic!("{why}"),
        Err(why) => return eprintln!("skipped: no group with little memory: {why}"),
    };
    let marks = Marks::new();
    let parent = start_with("has_little_memory", |command| {
        command.env(GROUP, &group.0).env(FOLDER, marks.path(""))
    });
    let out_of_memory = ExitKind::OutOfMemory.to_string();
    assert_eq!(parent.says("took too much:"), out_of_memory);
    assert_eq!(parent.says("ran beside it:"), out_of_memory);
    assert_eq!(parent.says("was killed:"), ExitKind::Signal(9).to_string());
    assert!(parent.end().await.success());
}

/// Has a task that takes all memory there is, and then one whose runner is killed.
pub(crate) async fn has_little_memory() {
    let group: PathBuf = std::env::var_os(GROUP).unwrap().into();
    let folder = std::env::var(FOLDER).unwrap();
    fs::write(group.join("cgroup.procs"), std::process::id().to_string()).unwrap();
    let pool = pool("memory").max_concurrency(2).start().await.unwrap();

    let beside = format!("{folder}beside");
    let running = tokio::spawn(stays(beside.clone()).on(&pool));
    eventually("it runs", || Path::new(&beside).exists()).await;
    let takes_all = task!(|| {
        let mut all = Vec::new();
        loop {
            all.push(std::hint::black_box(vec![1_u8; 1 << 20]));
        }
    } as ());
    let ended = end_of_runner(takes_all.on(&pool).await);
    tell(&format!("took too much: {ended}"));
    let ended = end_of_runner(running.await.unwrap());
    tell(&format!("ran beside it: {ended}"));

    let there = process_id().on(&pool).await.unwrap();
    let mark = format!("{folder}killed");
    let running = tokio::spawn(stays(mark.clone()).on(&pool));
    eventually("it runs", || Path::new(&mark).exists()).await;
    signal(there, Signal::KILL);
    let ended = end_of_runner(running.await.unwrap());
    tell(&format!("was killed: {ended}"));
    at_rest(&pool).await;
    pool.shutdown().await;
}

/// A control group with little memory.
struct Group(PathBuf);

impl Group {
    /// Makes one, in the way of either version, or says why it cannot.
    fn new() -> Result<Self, String> {
        const BYTES: &str = "268435456";
        const KINDS: [(&str, &str); 2] = [
            ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
            ("/sys/fs/cgroup", "memory.max"),
        ];
        let mut whys = Vec::new();
        for (root, limit) in KINDS {
            let folder = Path::new(root).join(format!("flame-test-{}", std::process::id()));
            let made = fs::create_dir(&folder).and_then(|()| {
                let group = Self(folder.clone());
                fs::write(group.0.join(limit), BYTES)?;
                Ok(group)
            });
            match made {
                Ok(group) => return Ok(group),
                Err(why) => whys.push(format!("{}: {why}", folder.display())),
            }
        }
        Err(whys.join("; "))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // A group goes when nobody is in it; processes that have ended may take a moment to leave.
        for _ in 0..100 {
            if fs::remove_dir(&self.0).is_ok() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }
}

fn kernel_has_groups() -> bool {
    let controllers = fs::read_to_string("/proc/cgroups").unwrap_or_default();
    controllers.lines().any(|line| line.starts_with("memory\t"))
}
