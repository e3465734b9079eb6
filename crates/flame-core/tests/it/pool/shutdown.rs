//! The end of a pool.

use expect_test::expect;

use super::check;

#[test]
fn a_pool_without_runners_ends_at_once_and_once() {
    check(
        "max=1 concurrency=1",
        "
        shutdown
        shutdown
        wait 5m
        ",
        &expect![[r#"
            begin
            shutdown
              confirm shutdown
            shutdown
              ignored
            wait 5m
        "#]],
    );
}

#[test]
fn whoever_waits_or_comes_is_told() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        checkout b
        shutdown
        checkout c
        destroyed 0
        checkout d
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
            shutdown
              reject a: shutdown
              reject b: shutdown
              destroy runner-0
            checkout c
              reject c: shutdown
            destroyed 0
              confirm shutdown
            checkout d
              reject d: shutdown
        "#]],
    );
}

#[test]
fn boots_are_given_up_and_late_runners_refused() {
    check(
        "max=1 min=1 concurrency=1",
        "
        shutdown
        attached 0
        destroyed 0
        ",
        &expect![[r#"
            begin
              boot runner-0
            shutdown
              destroy runner-0
            attached 0
              refuse runner-0
            destroyed 0
              confirm shutdown
        "#]],
    );
}

#[test]
fn running_work_is_answered_before_the_pool_ends() {
    check(
        "max=2 concurrency=1",
        "
        checkout a
        checkout b
        attached 0
        attached 1
        shutdown
        ended a
        finished 0
        ended b
        finished 1
        destroyed 0
        destroyed 1
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
              boot runner-1
            attached 0
              welcome runner-0
              grant a runner-0
            attached 1
              welcome runner-1
              grant b runner-1
            shutdown
              drain runner-0 because the pool shuts down
              drain runner-1 because the pool shuts down
            ended a
            finished 0
              destroy runner-0
            ended b
            finished 1
              destroy runner-1
            destroyed 0
            destroyed 1
              confirm shutdown
            counts
              nothing
        "#]],
    );
}

#[test]
fn work_that_comes_back_during_the_shutdown_is_not_granted_again() {
    check(
        "max=2 min=2 concurrency=1",
        "
        attached 0
        attached 1
        checkout a
        shutdown
        returned a
        ",
        &expect![[r#"
            begin
              boot runner-0
              boot runner-1
            attached 0
              welcome runner-0
            attached 1
              welcome runner-1
            checkout a
              grant a runner-0
            shutdown
              drain runner-0 because the pool shuts down
              drain runner-1 because the pool shuts down
            returned a
              reject a: shutdown
        "#]],
    );
}

#[test]
fn a_deadline_holds_during_the_shutdown() {
    check(
        "max=1 concurrency=1",
        "
        checkout a deadline=10s
        attached 0
        shutdown
        wait 10s
        ended a
        finished 0
        destroyed 0
        ",
        &expect![[r#"
            begin
            checkout a deadline=10s
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            shutdown
              drain runner-0 because the pool shuts down
            wait 10s
            at 10s: deadline of a
              expire a
              cancel a on runner-0: deadline
            ended a
            finished 0
              destroy runner-0
            destroyed 0
              confirm shutdown
        "#]],
    );
}

#[test]
fn a_caller_may_leave_during_the_shutdown() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        shutdown
        gone a
        ended a
        finished 0
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
            gone a
              cancel a on runner-0: caller gone
            ended a
            finished 0
              destroy runner-0
            destroyed 0
              confirm shutdown
        "#]],
    );
}

#[test]
fn the_pool_ends_when_every_instance_is_gone() {
    check(
        "max=2 min=2 concurrency=1 kill=2s",
        "
        attached 0
        attached 1
        shutdown
        finished 0
        lost 1
        destroyed 0
        undestroyed 1
        wait 2s
        destroyed 1
        counts
        ",
        &expect![[r#"
            begin
              boot runner-0
              boot runner-1
            attached 0
              welcome runner-0
            attached 1
              welcome runner-1
            shutdown
              drain runner-0 because the pool shuts down
              drain runner-1 because the pool shuts down
            finished 0
              destroy runner-0
            lost 1
              destroy runner-1
            destroyed 0
            undestroyed 1
            wait 2s
            at 2s: destroy retry of runner-1
              destroy runner-1
            destroyed 1
              confirm shutdown
            counts
              nothing
        "#]],
    );
}

#[test]
fn nothing_happens_to_a_pool_that_has_ended() {
    check(
        "max=1 min=1 concurrency=1",
        "
        shutdown
        destroyed 0
        attached 0
        checkout a
        lost 0
        wait 5m
        counts
        ",
        &expect![[r#"
            begin
              boot runner-0
            shutdown
              destroy runner-0
            destroyed 0
              confirm shutdown
            attached 0
              refuse runner-0
            checkout a
              reject a: shutdown
            lost 0
              ignored
            wait 5m
            counts
              nothing
        "#]],
    );
}
