//! Runners that never get to work.

use expect_test::expect;

use super::check;

#[test]
fn a_runner_that_is_not_welcomed_in_time_stops() {
    check(
        "attach=20s",
        "
        wait 20s
        attached
        wait 1m
        ",
        &expect![[r#"
            wait 20s
            at 20s: attach timeout
              stop with 66
            attached
            wait 1m
            at 25s: failsafe
              exit the process with 66
        "#]],
    );
}

#[test]
fn a_runner_that_is_welcomed_waits_for_work() {
    check(
        "attach=20s",
        "
        attached
        wait 5m
        call 1
        ",
        &expect![[r#"
            attached
            wait 5m
            call 1
              start call-1
        "#]],
    );
}

#[test]
fn a_runner_that_is_refused_stops() {
    check(
        "",
        "
        refused
        refused
        attached
        call 1
        ",
        &expect![[r#"
            refused
              stop with 77
            refused
            attached
            call 1
              refuse call-1: draining
        "#]],
    );
}

#[test]
fn a_runner_that_was_welcomed_cannot_be_refused_any_more() {
    check(
        "",
        "
        attached
        refused
        call 1
        ",
        &expect![[r#"
            attached
            refused
            call 1
              start call-1
        "#]],
    );
}

#[test]
fn a_runner_whose_parent_is_lost_before_the_welcome_stops() {
    check(
        "",
        "
        lost
        lost silently
        ",
        &expect![[r#"
            lost
              stop with 65
            lost silently
        "#]],
    );
}

#[test]
fn a_runner_that_is_told_to_drain_before_the_welcome_stops() {
    check(
        "",
        "
        drain 30s
        attached
        ",
        &expect![[r#"
            drain 30s
              stop with 0
            attached
        "#]],
    );
}

#[test]
fn work_before_the_welcome_is_refused() {
    check(
        "",
        "
        call 1
        attached
        call 2
        ",
        &expect![[r#"
            call 1
              refuse call-1: draining
            attached
            call 2
              start call-2
        "#]],
    );
}

#[test]
fn a_process_that_does_not_end_after_the_stop_is_made_to() {
    check(
        "attach=20s grace=5s",
        "
        wait 5m
        ",
        &expect![[r#"
            wait 5m
            at 20s: attach timeout
              stop with 66
            at 25s: failsafe
              exit the process with 66
        "#]],
    );
}

#[test]
fn the_failsafe_leaves_time_to_end_however_short_the_grace() {
    check(
        "grace=0s",
        "
        refused
        wait 5m
        ",
        &expect![[r#"
            refused
              stop with 77
            wait 5m
            at 1s: failsafe
              exit the process with 77
        "#]],
    );
}
