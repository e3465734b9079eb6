//! What outlasts the end of a pool.

use expect_test::expect;

use super::check;

#[test]
fn work_that_outlasts_the_shutdown_is_cancelled_and_its_runner_killed() {
    check(
        "max=1 concurrency=1 shutdown=30s grace=5s",
        "
        checkout a
        attached 0
        shutdown
        wait 35s
        destroyed 0
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            shutdown
              drain runner-0 because the pool shuts down
            wait 35s
            at 30s: drain timeout of runner-0
              cancel a on runner-0: shutdown
            at 35s: end of the drain grace of runner-0
              destroy runner-0
            destroyed 0
              confirm shutdown
        "#]],
    );
}

#[test]
fn a_poisoned_runner_does_not_hold_up_the_shutdown() {
    check(
        "max=1 concurrency=2 shutdown=30s grace=5s",
        "
        checkout a
        checkout b
        attached 0
        gone a
        wait 5s
        shutdown
        wait 30s
        destroyed 0
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
            gone a
              cancel a on runner-0: caller gone
            wait 5s
            at 5s: end of the grace of a
            shutdown
            wait 30s
            at 35s: poison timeout of runner-0
              lose b on runner-0
              destroy runner-0
            destroyed 0
              confirm shutdown
        "#]],
    );
}

#[test]
fn a_runner_that_drains_already_has_no_more_time_for_the_shutdown() {
    check(
        "max=1 concurrency=1 shutdown=30s grace=5s",
        "
        checkout a
        attached 0
        draining 0
        wait 20s
        shutdown
        wait 15s
        destroyed 0
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            draining 0
            wait 20s
            shutdown
            wait 15s
            at 30s: drain timeout of runner-0
              cancel a on runner-0: shutdown
            at 35s: end of the drain grace of runner-0
              destroy runner-0
            destroyed 0
              confirm shutdown
        "#]],
    );
}

#[test]
fn left_values_are_lost_at_the_end_of_the_shutdown() {
    check(
        "max=1 concurrency=1 shutdown=30s grace=5s",
        "
        checkout a
        attached 0
        ended a leaving values
        shutdown
        wait 35s
        destroyed 0
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a leaving values
            shutdown
              drain runner-0 because the pool shuts down
            wait 35s
            at 30s: drain timeout of runner-0
            at 35s: end of the drain grace of runner-0
              lose what a left on runner-0
              destroy runner-0
            destroyed 0
              confirm shutdown
        "#]],
    );
}
