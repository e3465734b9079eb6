//! Runners that are told to drain.

use expect_test::expect;

use super::check;

#[test]
fn a_runner_without_work_goes_at_once() {
    check(
        "",
        "
        attached
        drain 30s
        ",
        &expect![[r#"
            attached
            drain 30s
              announce draining
              say goodbye
              stop with 0
        "#]],
    );
}

#[test]
fn a_runner_with_work_finishes_it_and_takes_no_more() {
    check(
        "",
        "
        attached
        call 1
        call 2
        drain 30s
        call 3
        ended 1
        ended 2
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            call 2
              start call-2
            drain 30s
              announce draining
            call 3
              refuse call-3: draining
            ended 1
            ended 2
              say goodbye
              stop with 0
        "#]],
    );
}

#[test]
fn work_that_outlasts_the_drain_is_cancelled() {
    check(
        "grace=5s",
        "
        attached
        call 1
        call 2 detached
        drain 30s
        wait 32s
        ended 1
        ended 2
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            call 2 detached
              start call-2
            drain 30s
              announce draining
            wait 32s
            at 30s: work timeout
              cancel call-1
              cancel call-2
            ended 1
            ended 2
              say goodbye
              stop with 0
        "#]],
    );
}

#[test]
fn a_runner_whose_work_ignores_the_cancel_says_goodbye_nevertheless() {
    check(
        "grace=5s",
        "
        attached
        call 1
        drain 30s
        wait 5m
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            drain 30s
              announce draining
            wait 5m
            at 30s: work timeout
              cancel call-1
            at 35s: end of the grace
              say goodbye
              stop with 0
            at 40s: failsafe
              exit the process with 0
        "#]],
    );
}

#[test]
fn work_that_ends_when_the_runner_has_said_goodbye_changes_nothing() {
    check(
        "grace=5s",
        "
        attached
        call 1
        drain 30s
        wait 36s
        ended 1
        lost
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            drain 30s
              announce draining
            wait 36s
            at 30s: work timeout
              cancel call-1
            at 35s: end of the grace
              say goodbye
              stop with 0
            ended 1
            lost
        "#]],
    );
}

#[test]
fn work_that_was_cancelled_before_the_drain_gets_the_grace() {
    check(
        "grace=5s",
        "
        attached
        call 1
        cancel 1
        wait 1m
        drain 30s
        wait 5s
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            cancel 1
              cancel call-1
            wait 1m
            drain 30s
              announce draining
            wait 5s
            at 65s: end of the grace
              say goodbye
              stop with 0
        "#]],
    );
}

#[test]
fn a_second_drain_can_only_shorten_the_time() {
    check(
        "grace=5s",
        "
        attached
        call 1
        drain 30s
        wait 10s
        drain 5s
        drain 5m
        wait 5s
        ended 1
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            drain 30s
              announce draining
            wait 10s
            drain 5s
            drain 5m
            wait 5s
            at 15s: work timeout
              cancel call-1
            ended 1
              say goodbye
              stop with 0
        "#]],
    );
}

#[test]
fn a_drain_without_end_waits_for_the_work() {
    check(
        "",
        "
        attached
        call 1
        drain ever
        wait 60m
        ended 1
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            drain ever
              announce draining
            wait 60m
            ended 1
              say goodbye
              stop with 0
        "#]],
    );
}

#[test]
fn a_drain_without_patience_cancels_at_once() {
    check(
        "grace=0s",
        "
        attached
        call 1
        drain 0s
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            drain 0s
              announce draining
              cancel call-1
              say goodbye
              stop with 0
        "#]],
    );
}

#[test]
fn left_values_do_not_hold_up_a_drain() {
    check(
        "",
        "
        attached
        residents 3
        drain 30s
        ",
        &expect![[r#"
            attached
            residents 3
            drain 30s
              announce draining
              say goodbye
              stop with 0
        "#]],
    );
}

#[test]
fn stuck_work_does_not_spoil_the_end_of_other_work() {
    check(
        "grace=5s",
        "
        attached
        call 1
        call 2
        cancel 1
        drain 30s
        wait 20s
        ended 2
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            call 2
              start call-2
            cancel 1
              cancel call-1
            drain 30s
              announce draining
            wait 20s
            ended 2
              say goodbye
              stop with 0
        "#]],
    );
}
