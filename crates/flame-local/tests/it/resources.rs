//! What boots leave in the parent: nothing.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use flame_core::backend::{Backend, BootError, ExitKind};
use flame_local::ChildProcess;
use flame_testkit::boot_request;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::alone::alone;
use crate::shell::{run, shell, soon};

const BOOTS: usize = 100;

#[test]
fn no_zombie_is_left_of_a_copy_that_nobody_destroys() {
    alone(
        "resources::no_zombie_is_left_of_a_copy_that_nobody_destroys",
        async {
            let backend = shell("exit 0");
            for _ in 0..BOOTS {
                run(&backend, &boot_request()).await;
            }
            assert_eq!(zombies(), 0);
        },
    );
}

#[test]
fn a_copy_is_reaped_though_its_runtime_is_gone() {
    alone(
        "resources::a_copy_is_reaped_though_its_runtime_is_gone",
        async {
            let backend = shell("read line; exit 0");
            let request = boot_request();
            let created = std::thread::scope(|scope| {
                let on_another_runtime = scope.spawn(|| {
                    tokio::runtime::Builder::new_current_thread()
                        .build()
                        .unwrap()
                        .block_on(backend.create(&request))
                });
                on_another_runtime.join().unwrap()
            });
            created.unwrap();

            soon(backend.destroy(&request.name)).await.unwrap();

            assert_eq!(zombies(), 0);
        },
    );
}

#[test]
fn no_descriptor_is_left_open() {
    alone("resources::no_descriptor_is_left_open", async {
        let exits = shell("exit 0");
        let lives = shell("sleep 1000");
        run(&exits, &boot_request()).await;
        let before = descriptors();

        for _ in 0..BOOTS {
            run(&exits, &boot_request()).await;
            let request = boot_request();
            lives.create(&request).await.unwrap();
            soon(lives.destroy(&request.name)).await.unwrap();
            let missing = ChildProcess::new().program("/nowhere");
            missing.create(&boot_request()).await.unwrap_err();
        }

        assert_eq!(descriptors(), before);
    });
}

#[test]
fn a_copy_inherits_no_more_than_any_other_process() {
    alone(
        "resources::a_copy_inherits_no_more_than_any_other_process",
        async {
            const LIST: &str = "ls /proc/self/fd >&2";
            let lives = shell("sleep 1000");
            lives.create(&boot_request()).await.unwrap();
            let usual = Command::new("/bin/sh").args(["-c", LIST]).output().unwrap();

            let report = run(&shell(LIST), &boot_request()).await;

            let usual = String::from_utf8(usual.stderr).unwrap();
            assert_eq!(report.stderr_tail, usual.lines().collect::<Vec<_>>());
        },
    );
}

#[test]
fn a_lack_of_descriptors_is_transient_and_over_when_there_are_some() {
    alone(
        "resources::a_lack_of_descriptors_is_transient_and_over_when_there_are_some",
        async {
            let backend = shell("exit 0");
            let limit = getrlimit(Resource::Nofile);
            // What is open stays open; there is no number for anything more.
            let few = Rlimit {
                current: Some(3),
                ..limit
            };
            setrlimit(Resource::Nofile, few).unwrap();
            let refused = backend.create(&boot_request()).await.unwrap_err();
            setrlimit(Resource::Nofile, limit).unwrap();

            assert!(
                matches!(refused, BootError::Unavailable { .. }),
                "{refused:?}"
            );
            let report = run(&backend, &boot_request()).await;
            assert_eq!(report.how, ExitKind::Code(0));
        },
    );
}

/// A process that is forked takes sixty times as long to start when its parent has a gigabyte of memory.
#[test]
fn a_large_parent_boots_a_copy_like_a_small_one() {
    alone(
        "resources::a_large_parent_boots_a_copy_like_a_small_one",
        async {
            const GIBIBYTE: usize = 1 << 30;
            let small = boot_time().await;
            let memory = vec![1_u8; GIBIBYTE];
            let large = boot_time().await;
            drop(memory);
            assert!(
                large < small * 10,
                "a boot takes {small:?}, with a touched gigabyte {large:?}"
            );
        },
    );
}

async fn boot_time() -> Duration {
    let backend = shell("exit 0");
    let mut times = Vec::new();
    for _ in 0..21 {
        let begin = Instant::now();
        backend.create(&boot_request()).await.unwrap();
        times.push(begin.elapsed());
    }
    times.sort();
    times[times.len() / 2]
}

/// How many descriptors this process has open, without the one that looks.
fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count() - 1
}

/// How many children of this process have ended and not been reaped.
fn zombies() -> usize {
    let own = std::process::id().to_string();
    let processes = fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter_map(|process| fs::read_to_string(process.path().join("stat")).ok())
        .filter(|stat| {
            // After the name in parentheses: the state, then the parent.
            let after_name = stat.rsplit(')').next().unwrap_or_default();
            let mut fields = after_name.split_whitespace();
            fields.next() == Some("Z") && fields.next() == Some(&own)
        })
        .count()
}
