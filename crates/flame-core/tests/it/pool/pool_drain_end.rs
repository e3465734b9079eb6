//! What ends the drain of a pool, and what does not.

use expect_test::expect;

use super::check;

#[test]
fn the_last_caller_to_leave_ends_a_drain() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        drain
        gone a
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            drain
            gone a
              cancel a on runner-0: caller gone
              drain runner-0 because the pool shuts down
        "#]],
    );
}

#[test]
fn what_nobody_waits_for_does_not_hold_up_a_drain() {
    check(
        "max=2 concurrency=1",
        "
        checkout a
        checkout b
        attached 0
        attached 1
        gone a
        ended b leaving values
        drain
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
            gone a
              cancel a on runner-0: caller gone
            ended b leaving values
            drain
              drain runner-0 because the pool shuts down
              drain runner-1 because the pool shuts down
            counts
              1 unconfirmed, 1 residents, 2 draining
        "#]],
    );
}

#[test]
fn returned_work_waits_on_in_a_pool_that_drains() {
    check(
        "max=2 concurrency=1",
        "
        checkout a
        attached 0
        drain
        draining 0
        returned a
        attached 1
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            drain
            draining 0
            returned a
              boot runner-1
            attached 1
              welcome runner-1
              grant a runner-1
        "#]],
    );
}

#[test]
fn boots_that_cannot_succeed_end_a_drain() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        drain
        failed 0 for good
        destroyed 0
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            drain
            failed 0 for good
              destroy runner-0
              reject a: boots fail
            destroyed 0
              confirm shutdown
        "#]],
    );
}

#[test]
fn a_shutdown_does_not_wait_for_a_drain() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        checkout b
        attached 0
        drain within 10s
        shutdown
        drain
        wait 10s
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
            attached 0
              welcome runner-0
              grant a runner-0
            drain within 10s
            shutdown
              reject b: shutdown
              drain runner-0 because the pool shuts down
            drain
              ignored
            wait 10s
        "#]],
    );
}

#[test]
fn an_answer_about_idleness_is_moot_in_a_pool_that_drains() {
    check(
        "max=2 concurrency=1 idle=30s",
        "
        checkout a
        checkout b
        attached 0
        attached 1
        ended b
        wait 30s
        drain
        idle 1
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
            ended b
            wait 30s
            at 30s: idle check
              ask runner-1 to go
            drain
              drain runner-1 because the pool shuts down
            idle 1
              ignored
        "#]],
    );
}

#[test]
fn limits_may_change_while_a_pool_drains() {
    check(
        "max=1 min=1 concurrency=1",
        "
        attached 0
        checkout a
        checkout b
        drain
        now max=2 min=2
        attached 1
        ",
        &expect![[r#"
            begin
              boot runner-0
            attached 0
              welcome runner-0
            checkout a
              grant a runner-0
            checkout b
            drain
            now max=2 min=2
              boot runner-1
            attached 1
              welcome runner-1
              grant b runner-1
        "#]],
    );
}

#[test]
fn a_pool_that_shuts_down_or_has_ended_does_not_drain() {
    check(
        "max=1 min=1",
        "
        attached 0
        shutdown
        drain
        finished 0
        destroyed 0
        drain
        ",
        &expect![[r#"
            begin
              boot runner-0
            attached 0
              welcome runner-0
            shutdown
              drain runner-0 because the pool shuts down
            drain
              ignored
            finished 0
              destroy runner-0
            destroyed 0
              confirm shutdown
            drain
              ignored
        "#]],
    );
}
