//! Work that comes and goes.

use expect_test::expect;

use super::check;

#[test]
fn work_beyond_the_slots_is_refused() {
    check(
        "concurrency=2",
        "
        attached
        call 1
        call 2
        call 3
        ended 1
        call 4
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            call 2
              start call-2
            call 3
              refuse call-3: full
            ended 1
            call 4
              start call-4
        "#]],
    );
}

#[test]
fn work_is_started_once() {
    check(
        "concurrency=2",
        "
        attached
        call 1
        call 1
        ended 1
        ended 1
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            call 1
            ended 1
            ended 1
        "#]],
    );
}

#[test]
fn work_is_cancelled_once_and_keeps_its_slot_until_it_has_ended() {
    check(
        "concurrency=1",
        "
        attached
        call 1
        cancel 1
        cancel 1
        call 2
        ended 1
        call 3
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            cancel 1
              cancel call-1
            cancel 1
            call 2
              refuse call-2: full
            ended 1
            call 3
              start call-3
        "#]],
    );
}

#[test]
fn a_cancel_of_work_that_is_not_there_changes_nothing() {
    check(
        "",
        "
        attached
        cancel 1
        call 1
        ended 1
        cancel 1
        ",
        &expect![[r#"
            attached
            cancel 1
            call 1
              start call-1
            ended 1
            cancel 1
        "#]],
    );
}

#[test]
fn stuck_work_alone_does_not_end_a_runner_that_has_a_parent() {
    check(
        "grace=5s",
        "
        attached
        call 1
        cancel 1
        wait 5m
        idle?
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            cancel 1
              cancel call-1
            wait 5m
            idle?
              answer busy
        "#]],
    );
}
