//! Copies that call back when they should not.

use std::time::Duration;

use crate::marks::Marks;
use crate::processes::copy_after;
use crate::tasks::{pool, process_id};

/// The exit code of a runner that its parent has refused.
const REFUSED: &str = "77";

/// What the copy is told about its parent, taken off standard input: the text follows its length.
const READ: &str = "TEXT=$(dd bs=4096 count=1 2>/dev/null | tail -c +5)\n";

#[tokio::test]
async fn of_two_copies_that_know_one_token_the_first_serves_and_the_second_is_refused() {
    const TWICE: &str = "
        FLAME_PARENT=\"$TEXT\" \"$0\" \"$@\" </dev/null &
        until [ -e \"$SERVING\" ]; do sleep 0.01; done
        FLAME_PARENT=\"$TEXT\" \"$0\" \"$@\" </dev/null
        echo $? > \"$CODE\"
        wait";
    let marks = Marks::new();
    let backend = copy_after(&format!("{READ}{TWICE}"))
        .env("SERVING", marks.path("serving"))
        .env("CODE", marks.path("code"));
    let pool = pool("twice").backend(backend).start().await.unwrap();
    let first = process_id().on(&pool).await.unwrap();

    marks.leave("serving");
    assert_eq!(marks.says("code").await, REFUSED);

    assert_eq!(process_id().on(&pool).await.unwrap(), first);
    assert_eq!(pool.snapshot().counts.ready, 1);
    pool.shutdown().await;
}

#[tokio::test]
async fn a_copy_that_calls_back_after_its_boot_was_given_up_is_refused_and_runs_nothing() {
    // The copy is in a session of its own, or it would have been killed when its boot was given up.
    const LATE_ONCE: &str = "
        if mkdir \"$FIRST\" 2>/dev/null; then
            export FLAME_PARENT=\"$TEXT\"
            setsid sh -c '
                until [ -e \"$GIVEN_UP\" ]; do sleep 0.01; done
                \"$0\" \"$@\"; echo $? > \"$CODE\"' \"$0\" \"$@\" &
            wait
        fi
        FLAME_PARENT=\"$TEXT\" exec \"$0\" \"$@\" </dev/null";
    let marks = Marks::new();
    let backend = copy_after(&format!("{READ}{LATE_ONCE}"))
        .env("FIRST", marks.path("first"))
        .env("GIVEN_UP", marks.path("given up"))
        .env("CODE", marks.path("code"));
    let pool = pool("late")
        .boot_timeout(Duration::from_secs(2))
        .backend(backend)
        .start()
        .await
        .unwrap();
    // The first boot is given up; the next one serves this call.
    let second = process_id().on(&pool).await.unwrap();

    marks.leave("given up");
    assert_eq!(marks.says("code").await, REFUSED);

    assert_eq!(process_id().on(&pool).await.unwrap(), second);
    assert_eq!(pool.snapshot().runners.len(), 1);
    pool.shutdown().await;
}
