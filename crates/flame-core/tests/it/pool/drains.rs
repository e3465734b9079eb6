//! Runners that finish what they have.

use expect_test::expect;

use super::check;

#[test]
fn a_runner_that_drains_by_itself_is_given_nothing_new() {
    check(
        "max=2 min=2 concurrency=1",
        "
        attached 0
        attached 1
        draining 0
        checkout a
        finished 0
        destroyed 0
        ",
        &expect![[r#"
            begin
              boot runner-0
              boot runner-1
            attached 0
              welcome runner-0
            attached 1
              welcome runner-1
            draining 0
            checkout a
              grant a runner-1
            finished 0
              destroy runner-0
              boot runner-2
            destroyed 0
        "#]],
    );
}

#[test]
fn a_runner_that_drains_finishes_its_work() {
    check(
        "max=1 concurrency=2",
        "
        checkout a
        checkout b
        attached 0
        draining 0
        ended a
        ended b
        finished 0
        destroyed 0
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
            attached 0
              welcome runner-0
              grant a runner-0
              grant b runner-0
            draining 0
            ended a
            ended b
            finished 0
              destroy runner-0
            destroyed 0
            counts
              nothing
        "#]],
    );
}

#[test]
fn work_that_outlasts_a_drain_is_cancelled_and_then_lost() {
    check(
        "max=1 concurrency=1 shutdown=30s grace=5s",
        "
        checkout a
        attached 0
        draining 0
        wait 35s
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            draining 0
            wait 35s
            at 30s: drain timeout of runner-0
              cancel a on runner-0: drain timeout
            at 35s: end of the drain grace of runner-0
              lose a on runner-0
              destroy runner-0
            counts
              1 reaping
        "#]],
    );
}

#[test]
fn work_that_ends_after_the_cancel_of_a_drain_is_answered() {
    check(
        "max=1 concurrency=1 shutdown=30s grace=5s",
        "
        checkout a
        attached 0
        draining 0
        wait 32s
        ended a
        finished 0
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            draining 0
            wait 32s
            at 30s: drain timeout of runner-0
              cancel a on runner-0: drain timeout
            ended a
            finished 0
              destroy runner-0
        "#]],
    );
}

#[test]
fn a_caller_that_leaves_after_the_cancel_of_a_drain_is_not_cancelled_again() {
    check(
        "max=1 concurrency=1 shutdown=30s grace=5s",
        "
        checkout a deadline=33s
        attached 0
        draining 0
        wait 31s
        gone a
        wait 10s
        ",
        &expect![[r#"
            begin
            checkout a deadline=33s
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            draining 0
            wait 31s
            at 30s: drain timeout of runner-0
              cancel a on runner-0: drain timeout
            gone a
            wait 10s
            at 35s: end of the drain grace of runner-0
              destroy runner-0
        "#]],
    );
}

#[test]
fn a_runner_that_drains_and_never_says_goodbye_is_destroyed() {
    check(
        "max=1 concurrency=1 shutdown=30s grace=5s",
        "
        checkout a
        attached 0
        ended a
        draining 0
        wait 35s
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a
            draining 0
            wait 35s
            at 30s: drain timeout of runner-0
            at 35s: end of the drain grace of runner-0
              destroy runner-0
        "#]],
    );
}

#[test]
fn a_runner_that_drains_may_say_so_twice() {
    check(
        "max=1 concurrency=1 shutdown=30s",
        "
        checkout a
        attached 0
        draining 0
        wait 10s
        draining 0
        wait 20s
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            draining 0
            wait 10s
            draining 0
            wait 20s
            at 30s: drain timeout of runner-0
              cancel a on runner-0: drain timeout
        "#]],
    );
}

#[test]
fn a_drain_of_a_runner_that_is_no_runner_changes_nothing() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        draining 0
        finished 0
        lost 0
        draining 7
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            draining 0
              ignored
            finished 0
              ignored
            lost 0
              ignored
            draining 7
              ignored
            counts
              1 queued, 1 booting
        "#]],
    );
}
