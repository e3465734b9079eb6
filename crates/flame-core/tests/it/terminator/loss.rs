//! Runners whose parent is lost.

use expect_test::expect;

use super::check;

#[test]
fn a_runner_without_work_stops() {
    check(
        "",
        "
        attached
        lost
        ",
        &expect![[r#"
            attached
            lost
              stop with 65
        "#]],
    );
}

#[test]
fn left_values_are_no_reason_to_live_on() {
    check(
        "",
        "
        attached
        residents 1
        lost silently
        ",
        &expect![[r#"
            attached
            residents 1
            lost silently
              stop with 65
        "#]],
    );
}

#[test]
fn linked_work_is_cancelled_at_once() {
    check(
        "grace=5s",
        "
        attached
        call 1
        call 2
        lost
        ended 1
        wait 2s
        ended 2
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            call 2
              start call-2
            lost
              cancel call-1
              cancel call-2
            ended 1
            wait 2s
            ended 2
              stop with 65
        "#]],
    );
}

#[test]
fn it_does_not_matter_how_the_parent_was_lost() {
    check(
        "grace=5s",
        "
        attached
        call 1
        lost silently
        ended 1
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            lost silently
              cancel call-1
            ended 1
              stop with 65
        "#]],
    );
}

#[test]
fn detached_work_may_finish() {
    check(
        "shutdown=30s grace=5s",
        "
        attached
        call 1 detached
        call 2
        lost
        ended 2
        wait 20s
        ended 1
        ",
        &expect![[r#"
            attached
            call 1 detached
              start call-1
            call 2
              start call-2
            lost
              cancel call-2
            ended 2
            wait 20s
            ended 1
              stop with 65
        "#]],
    );
}

#[test]
fn detached_work_that_takes_too_long_is_cancelled() {
    check(
        "shutdown=30s grace=5s",
        "
        attached
        call 1 detached
        lost
        wait 33s
        ended 1
        ",
        &expect![[r#"
            attached
            call 1 detached
              start call-1
            lost
            wait 33s
            at 30s: work timeout
              cancel call-1
            ended 1
              stop with 65
        "#]],
    );
}

#[test]
fn detached_work_that_ignores_its_cancel_ends_with_the_process() {
    check(
        "shutdown=30s grace=5s",
        "
        attached
        call 1 detached
        lost
        wait 5m
        ",
        &expect![[r#"
            attached
            call 1 detached
              start call-1
            lost
            wait 5m
            at 30s: work timeout
              cancel call-1
            at 35s: end of the grace
              exit the process with 65
        "#]],
    );
}

#[test]
fn spinning_work_ends_with_the_process() {
    check(
        "grace=5s",
        "
        attached
        call 1
        lost
        wait 5m
        ended 1
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            lost
              cancel call-1
            wait 5m
            at 5s: end of the grace
              exit the process with 65
            ended 1
        "#]],
    );
}

#[test]
fn spinning_work_takes_no_time_from_detached_work() {
    check(
        "shutdown=30s grace=5s",
        "
        attached
        call 1
        call 2 detached
        lost
        wait 20s
        ended 2
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            call 2 detached
              start call-2
            lost
              cancel call-1
            wait 20s
            ended 2
              exit the process with 65
        "#]],
    );
}

#[test]
fn work_that_comes_after_the_loss_is_refused() {
    check(
        "",
        "
        attached
        call 1 detached
        lost
        call 2
        idle?
        ",
        &expect![[r#"
            attached
            call 1 detached
              start call-1
            lost
            call 2
              refuse call-2: draining
            idle?
              answer busy
        "#]],
    );
}

#[test]
fn a_second_loss_changes_nothing() {
    check(
        "shutdown=30s grace=5s",
        "
        attached
        call 1 detached
        lost
        wait 20s
        lost
        wait 10s
        ended 1
        ",
        &expect![[r#"
            attached
            call 1 detached
              start call-1
            lost
            wait 20s
            lost
            wait 10s
            at 30s: work timeout
              cancel call-1
            ended 1
              stop with 65
        "#]],
    );
}

#[test]
fn a_loss_during_a_drain_cancels_what_is_linked_and_says_no_goodbye() {
    check(
        "shutdown=30s grace=5s",
        "
        attached
        call 1
        call 2 detached
        drain 20s
        wait 5s
        lost
        ended 1
        wait 15s
        ended 2
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            call 2 detached
              start call-2
            drain 20s
              announce draining
            wait 5s
            lost
              cancel call-1
            ended 1
            wait 15s
            at 20s: work timeout
              cancel call-2
            ended 2
              stop with 65
        "#]],
    );
}

#[test]
fn a_drain_after_the_loss_can_only_shorten_the_time() {
    check(
        "shutdown=30s grace=5s",
        "
        attached
        call 1 detached
        lost
        drain 5m
        drain 10s
        wait 10s
        ended 1
        ",
        &expect![[r#"
            attached
            call 1 detached
              start call-1
            lost
            drain 5m
            drain 10s
            wait 10s
            at 10s: work timeout
              cancel call-1
            ended 1
              stop with 65
        "#]],
    );
}

#[test]
fn a_loss_after_the_cancels_of_a_drain_gives_the_grace_once_more() {
    check(
        "grace=5s",
        "
        attached
        call 1
        drain 10s
        wait 12s
        lost
        wait 5s
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            drain 10s
              announce draining
            wait 12s
            at 10s: work timeout
              cancel call-1
            lost
            wait 5s
            at 17s: end of the grace
              exit the process with 65
        "#]],
    );
}
