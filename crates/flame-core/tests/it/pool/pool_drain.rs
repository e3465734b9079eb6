//! How a pool serves whom it has, and ends.

use expect_test::expect;

use super::check;

#[test]
fn a_pool_that_drains_serves_whom_it_has_and_then_shuts_down() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        checkout b
        attached 0
        drain
        checkout c
        ended a
        ended b
        finished 0
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
            drain
            checkout c
              reject c: shutdown
            ended a
              grant b runner-0
            ended b
              drain runner-0 because the pool shuts down
            finished 0
              destroy runner-0
            destroyed 0
              confirm shutdown
            outcomes
              Call: 3 came, 2 returned, 1 rejected
        "#]],
    );
}

#[test]
fn a_pool_that_drains_goes_on_to_grow() {
    check(
        "max=2 concurrency=1",
        "
        checkout a
        checkout b
        drain
        failed 0
        attached 1
        wait 1s
        attached 2
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
              boot runner-1
            drain
            failed 0
              destroy runner-0
            attached 1
              welcome runner-1
              grant a runner-1
              boot runner-2
            wait 1s
            attached 2
              welcome runner-2
              grant b runner-2
        "#]],
    );
}

#[test]
fn a_pool_without_callers_shuts_down_at_once() {
    check(
        "max=2 min=1 warm=1",
        "
        attached 0
        drain
        finished 0
        destroyed 0
        ",
        &expect![[r#"
            begin
              boot runner-0
            attached 0
              welcome runner-0
            drain
              drain runner-0 because the pool shuts down
            finished 0
              destroy runner-0
            destroyed 0
              confirm shutdown
        "#]],
    );
}

#[test]
fn a_pool_that_drains_keeps_nothing_for_min_or_warm() {
    check(
        "max=4 min=2 warm=1 concurrency=1",
        "
        attached 0
        attached 1
        checkout a
        drain
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
            checkout a
              grant a runner-0
            drain
              drain runner-1 because the pool shuts down
            counts
              1 running, 1 ready, 1 draining
        "#]],
    );
}

#[test]
fn a_runner_that_falls_idle_goes_at_once() {
    check(
        "max=2 concurrency=1",
        "
        checkout a
        checkout b
        attached 0
        attached 1
        drain
        ended a
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
            drain
            ended a
              drain runner-0 because the pool shuts down
            counts
              1 running, 1 ready, 1 draining
        "#]],
    );
}

#[test]
fn a_drain_of_the_pool_has_its_time() {
    check(
        "max=1 concurrency=1 shutdown=30s grace=5s",
        "
        checkout a
        checkout b
        attached 0
        drain within 10s
        wait 10s
        wait 35s
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
            wait 10s
            at 10s: drain timeout of the pool
              reject b: shutdown
              drain runner-0 because the pool shuts down
            wait 35s
            at 40s: drain timeout of runner-0
              cancel a on runner-0: shutdown
            at 45s: end of the drain grace of runner-0
              destroy runner-0
            destroyed 0
              confirm shutdown
            outcomes
              Call: 2 came, 1 cancelled, 1 rejected
        "#]],
    );
}

#[test]
fn a_second_drain_may_only_shorten_the_time() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        drain
        drain
        drain within 20s
        drain within 30s
        drain
        drain within 5s
        wait 5s
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            drain
            drain
              ignored
            drain within 20s
            drain within 30s
              ignored
            drain
              ignored
            drain within 5s
            wait 5s
            at 5s: drain timeout of the pool
              drain runner-0 because the pool shuts down
        "#]],
    );
}

#[test]
fn a_drain_whose_time_is_over_is_a_shutdown() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        checkout b
        attached 0
        drain within 0s
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
            attached 0
              welcome runner-0
              grant a runner-0
            drain within 0s
              reject b: shutdown
              drain runner-0 because the pool shuts down
        "#]],
    );
}

#[test]
fn a_deadline_ends_a_drain() {
    check(
        "max=1 concurrency=1",
        "
        checkout a deadline=10s
        attached 0
        drain
        wait 10s
        ",
        &expect![[r#"
            begin
            checkout a deadline=10s
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            drain
            wait 10s
            at 10s: deadline of a
              expire a
              cancel a on runner-0: deadline
              drain runner-0 because the pool shuts down
        "#]],
    );
}
