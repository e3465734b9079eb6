//! How a pool ends without waiting for any work.

use expect_test::expect;

use super::check;

#[test]
fn an_open_pool_is_killed() {
    check(
        "max=3 min=2 concurrency=2",
        "
        attached 0
        attached 1
        checkout a
        checkout b
        checkout c
        checkout d
        checkout e
        kill
        destroyed 0
        destroyed 1
        destroyed 2
        outcomes
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
            checkout b
              grant b runner-1
            checkout c
              grant c runner-0
            checkout d
              grant d runner-1
            checkout e
              boot runner-2
            kill
              reject e: shutdown
              cancel a on runner-0: shutdown
              cancel c on runner-0: shutdown
              destroy runner-0
              cancel b on runner-1: shutdown
              cancel d on runner-1: shutdown
              destroy runner-1
              destroy runner-2
            destroyed 0
            destroyed 1
            destroyed 2
              confirm shutdown
            outcomes
              Call: 5 came, 4 cancelled, 1 rejected
        "#]],
    );
}

#[test]
fn a_pool_that_drains_is_killed() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        checkout b
        attached 0
        drain within 10s
        kill
        wait 10s
        destroyed 0
        outcomes
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
            kill
              reject b: shutdown
              cancel a on runner-0: shutdown
              destroy runner-0
            wait 10s
            destroyed 0
              confirm shutdown
            outcomes
              Call: 2 came, 1 cancelled, 1 rejected
        "#]],
    );
}

#[test]
fn a_pool_that_shuts_down_is_killed() {
    check(
        "max=2 concurrency=1",
        "
        checkout a
        checkout b
        attached 0
        attached 1
        shutdown
        ended a
        kill
        finished 0
        destroyed 0
        destroyed 1
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
            kill
              destroy runner-0
              cancel b on runner-1: shutdown
              destroy runner-1
            finished 0
              ignored
            destroyed 0
            destroyed 1
              confirm shutdown
        "#]],
    );
}

#[test]
fn who_was_cancelled_by_the_shutdown_has_had_its_answer() {
    check(
        "max=1 concurrency=1 shutdown=30s grace=5s",
        "
        checkout a
        attached 0
        shutdown
        wait 30s
        kill
        destroyed 0
        outcomes
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
            wait 30s
            at 30s: drain timeout of runner-0
              cancel a on runner-0: shutdown
            kill
              destroy runner-0
            destroyed 0
              confirm shutdown
            outcomes
              Call: 1 came, 1 cancelled
        "#]],
    );
}

#[test]
fn who_waits_for_cancelled_work_of_a_drain_is_answered_by_the_kill() {
    check(
        "max=1 concurrency=1 shutdown=30s grace=5s",
        "
        checkout a
        attached 0
        draining 0
        wait 30s
        kill
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            draining 0
            wait 30s
            at 30s: drain timeout of runner-0
              cancel a on runner-0: drain timeout
            kill
              cancel a on runner-0: shutdown
              destroy runner-0
            outcomes
              Call: 1 came, 1 cancelled
        "#]],
    );
}

#[test]
fn a_poisoned_runner_is_killed_with_its_pool() {
    check(
        "max=1 concurrency=2 grace=5s",
        "
        checkout a
        checkout b
        attached 0
        gone a
        wait 5s
        kill
        outcomes
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
            kill
              cancel b on runner-0: shutdown
              destroy runner-0
            outcomes
              Call: 2 came, 1 cancelled, 1 left
        "#]],
    );
}

#[test]
fn values_are_lost_with_a_pool_that_is_killed() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        ended a leaving values
        kill
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a leaving values
            kill
              lose what a left on runner-0
              destroy runner-0
        "#]],
    );
}

#[test]
fn work_that_may_begin_again_does_not_after_a_kill() {
    check(
        "max=1 concurrency=1",
        "
        checkout a retries=3
        attached 0
        kill
        ",
        &expect![[r#"
            begin
            checkout a retries=3
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            kill
              cancel a on runner-0: shutdown
              destroy runner-0
        "#]],
    );
}
