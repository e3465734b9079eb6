//! What runners write and tell, in the log of their parent.

use std::fs;
use std::path::Path;
use std::process::Command;

use flame::OUTPUT_PER_SECOND;
use tracing::Level;

use crate::log::{self, Told};
use crate::marks::{self, Marks};
use crate::processes::eventually;
use crate::scenarios::{start, start_with};
use crate::tasks::pool;

/// Tells the parent where its marks are.
const FOLDER: &str = "FLAME_TEST_MARKS";

/// Writes a line.
#[flame::remote]
#[expect(clippy::print_stdout, reason = "this is what the tests are about")]
fn says(line: String) {
    println!("{line}");
}

/// Writes a line to the other stream.
#[flame::remote]
fn complains(line: String) {
    eprintln!("{line}");
}

/// Lets a child process write.
#[flame::remote]
fn lets_say(script: String) {
    Command::new("sh").args(["-c", &script]).status().unwrap();
}

/// Writes many lines, as quick as it can.
#[flame::remote]
#[expect(clippy::print_stdout, reason = "this is what the tests are about")]
pub(crate) fn floods(lines: u32) {
    for line in 0..lines {
        println!("line {line}");
    }
}

/// Goes on when its parent is gone, says so to nobody, and leaves a mark.
#[flame::remote]
#[expect(clippy::print_stdout, reason = "this is what the tests are about")]
fn talks_on(started: String, talked: String) {
    marks::leave(&started);
    let goes_nowhere = |stream: &str| {
        fs::read_link(Path::new("/proc/self/fd").join(stream)).unwrap() == Path::new("/dev/null")
    };
    while !(goes_nowhere("1") && goes_nowhere("2")) {
        std::thread::yield_now();
    }
    println!("is anybody there?");
    eprintln!("nobody");
    marks::leave(&talked);
}

/// What the log says of this pool's runners with these words, as soon as it does.
pub(crate) async fn told(pool: &str, message: &str) -> Told {
    let find = || {
        let told = log::of(pool);
        // The harness of the runner may have begun the line.
        told.into_iter()
            .find(|told| told.message().ends_with(message))
    };
    eventually(&format!("the log says {message}"), || find().is_some()).await;
    find().unwrap()
}

#[tokio::test]
async fn what_a_runner_writes_is_in_the_log_with_its_pool_and_its_name() {
    log::write();
    let pool = pool("says").start().await.unwrap();

    says("out".to_owned()).on(&pool).await.unwrap();
    complains("err".to_owned()).on(&pool).await.unwrap();

    let (out, err) = (told("says", "out").await, told("says", "err").await);
    assert_eq!((out.level, err.level), (Level::INFO, Level::INFO));
    assert_eq!(
        (out.field("stream"), err.field("stream")),
        ("stdout", "stderr")
    );
    assert_eq!(
        out.field("runner"),
        pool.snapshot().runners[0].id.to_string()
    );
    pool.shutdown().await;
}

#[tokio::test]
async fn so_is_what_its_child_processes_write_with_control_characters_escaped() {
    log::write();
    let pool = pool("lets_say").start().await.unwrap();

    let script = r"printf '\033[2Jforged\rline\n' >&2";
    lets_say(script.to_owned()).on(&pool).await.unwrap();

    let told = told("lets_say", r"\u{1b}[2Jforged\rline").await;
    assert_eq!(told.field("stream"), "stderr");
    pool.shutdown().await;
}

#[tokio::test]
async fn a_flood_is_cut_and_counted_and_holds_up_nobody() {
    const LINES: u32 = 50 * OUTPUT_PER_SECOND;
    log::write();
    let pool = pool("floods").start().await.unwrap();

    // It ends, so it was not blocked by what is dropped.
    floods(LINES).on(&pool).await.unwrap();

    let all_told = || log::of("floods").len() as u64;
    let all_dropped = || pool.snapshot().output_dropped;
    eventually("every line was told or counted", || {
        all_told() + all_dropped() >= u64::from(LINES)
    })
    .await;
    assert!(
        all_told() + all_dropped() < u64::from(LINES) + 10,
        "the harness writes little"
    );
    assert!(all_dropped() > 0);

    // Whoever reads the log reads of it, in the first line that is told again.
    let read = || {
        let told = log::of("floods").into_iter();
        told.filter_map(|told| told.field("dropped_before").parse::<u64>().ok())
            .sum::<u64>()
    };
    while read() < all_dropped() {
        says("again".to_owned()).on(&pool).await.unwrap();
    }
    pool.shutdown().await;
}

#[test]
fn without_a_subscriber_lines_are_written_where_the_parent_writes() {
    let parent = start("says_without_a_log");
    assert_eq!(parent.says("the runner says"), "\u{1b}[1mhello");
}

/// Plays a parent without a subscriber.
pub(crate) async fn says_without_a_log() {
    let pool = pool("says_without_a_log").start().await.unwrap();
    let line = "the runner says \u{1b}[1mhello".to_owned();
    says(line).on(&pool).await.unwrap();
    pool.shutdown().await;
}

#[tokio::test]
async fn work_that_goes_on_without_its_parent_may_go_on_writing() {
    let marks = Marks::new();
    let mut parent = start_with("has_a_talker", |command| {
        command.env(FOLDER, marks.path(""))
    });
    marks.seen("started").await;
    parent.kill();
    marks.seen("talked").await;
}

/// Plays a parent that has detached work, and waits to be killed.
pub(crate) async fn has_a_talker() {
    let folder = std::env::var(FOLDER).unwrap();
    let pool = pool("has_a_talker").start().await.unwrap();
    let mark = |name: &str| Path::new(&folder).join(name).to_str().unwrap().to_owned();
    let work = talks_on(mark("started"), mark("talked"));
    let _ = work.on(&pool).detached().no_timeout().await;
}
