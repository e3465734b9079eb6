//! Who gets a slot where.

use expect_test::expect;

use super::check;

#[test]
fn calls_are_spread_over_the_runners() {
    check(
        "max=2 min=2 concurrency=2",
        "
        attached 0
        attached 1
        checkout a
        checkout b
        checkout c
        ended b
        checkout d
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
            ended b
            checkout d
              grant d runner-1
        "#]],
    );
}

#[test]
fn calls_are_packed_so_that_a_runner_falls_idle() {
    check(
        "max=2 min=2 concurrency=2 pack min-idle=30s",
        "
        attached 0
        attached 1
        checkout a
        checkout b
        checkout c
        ended a
        ended c
        checkout d
        wait 30s
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
              grant b runner-0
            checkout c
              grant c runner-1
            ended a
            ended c
            checkout d
              grant d runner-0
            wait 30s
            at 30s: idle check
              ask runner-1 to go
        "#]],
    );
}

#[test]
fn a_single_use_runner_runs_one_call_and_goes() {
    check(
        "max=2 concurrency=4 single-use",
        "
        checkout a
        attached 0
        ended a
        finished 0
        destroyed 0
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a
              drain runner-0 after its one call
            finished 0
              destroy runner-0
            destroyed 0
            counts
              nothing
        "#]],
    );
}

#[test]
fn a_used_runner_is_not_given_to_the_next_in_the_queue() {
    check(
        "max=1 concurrency=1 single-use",
        "
        checkout a
        checkout b
        attached 0
        ended a
        finished 0
        attached 1
        ended b
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
            attached 0
              welcome runner-0
              grant a runner-0
            ended a
              drain runner-0 after its one call
            finished 0
              destroy runner-0
              boot runner-1
            attached 1
              welcome runner-1
              grant b runner-1
            ended b
              drain runner-1 after its one call
        "#]],
    );
}

#[test]
fn single_use_keeps_the_minimum() {
    check(
        "max=2 min=1 single-use",
        "
        attached 0
        checkout a
        ended a
        attached 1
        counts
        ",
        &expect![[r#"
            begin
              boot runner-0
            attached 0
              welcome runner-0
            checkout a
              grant a runner-0
            ended a
              drain runner-0 after its one call
              boot runner-1
            attached 1
              welcome runner-1
            counts
              1 ready, 1 draining
        "#]],
    );
}
