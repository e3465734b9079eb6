//! How many runners there are.

use expect_test::expect;

use super::check;

#[test]
fn a_pool_without_a_minimum_boots_nothing_until_somebody_comes() {
    check(
        "max=2 concurrency=1",
        "
        wait 5m
        checkout a
        attached 0
        ",
        &expect![[r#"
            begin
            wait 5m
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
        "#]],
    );
}

#[test]
fn the_minimum_boots_before_anybody_comes() {
    check(
        "max=3 min=2 concurrency=1",
        "
        attached 0
        checkout a
        attached 1
        counts
        ",
        &expect![[r#"
            begin
              boot runner-0
              boot runner-1
            attached 0
              welcome runner-0
            checkout a
              grant a runner-0
            attached 1
              welcome runner-1
            counts
              1 running, 2 ready
        "#]],
    );
}

#[test]
fn a_second_runner_boots_when_the_first_is_full() {
    check(
        "max=2 concurrency=1",
        "
        checkout a
        attached 0
        checkout b
        ended a
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            checkout b
              boot runner-1
            ended a
              grant b runner-0
              destroy runner-1
            counts
              1 running, 1 ready, 1 reaping
        "#]],
    );
}

#[test]
fn a_boot_serves_as_many_callers_as_it_has_slots() {
    check(
        "max=5 concurrency=2",
        "
        checkout a
        checkout b
        checkout c
        attached 0
        attached 1
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
            checkout c
              boot runner-1
            attached 0
              welcome runner-0
              grant a runner-0
              grant b runner-0
            attached 1
              welcome runner-1
              grant c runner-1
        "#]],
    );
}

#[test]
fn the_maximum_holds_however_many_wait() {
    check(
        "max=2 concurrency=1",
        "
        checkout a
        checkout b
        checkout c
        checkout d
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
              boot runner-1
            checkout c
            checkout d
            counts
              4 queued, 2 booting
        "#]],
    );
}

#[test]
fn warm_slots_are_free_ahead_of_demand() {
    check(
        "max=3 concurrency=1 warm=1",
        "
        attached 0
        checkout a
        attached 1
        checkout b
        counts
        ",
        &expect![[r#"
            begin
              boot runner-0
            attached 0
              welcome runner-0
            checkout a
              grant a runner-0
              boot runner-1
            attached 1
              welcome runner-1
            checkout b
              grant b runner-1
              boot runner-2
            counts
              2 running, 2 ready, 1 booting
        "#]],
    );
}

#[test]
fn warm_slots_do_not_lift_the_maximum() {
    check(
        "max=2 concurrency=1 warm=5",
        "
        attached 0
        attached 1
        checkout a
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
            counts
              1 running, 2 ready
        "#]],
    );
}

#[test]
fn boots_that_nobody_needs_any_more_are_given_up_the_newest_first() {
    check(
        "max=3 concurrency=1",
        "
        checkout a
        checkout b
        gone a
        attached 1
        attached 0
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
              boot runner-1
            gone a
              destroy runner-1
            attached 1
              refuse runner-1
            attached 0
              welcome runner-0
              grant b runner-0
        "#]],
    );
}

#[test]
fn a_runner_that_is_lost_is_replaced_for_whoever_waits() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        checkout b
        lost 0
        attached 1
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            checkout b
            lost 0
              lose a on runner-0
              destroy runner-0
              boot runner-1
            attached 1
              welcome runner-1
              grant b runner-1
        "#]],
    );
}

#[test]
fn the_minimum_is_restored_when_a_runner_is_lost() {
    check(
        "max=2 min=2 concurrency=1",
        "
        attached 0
        attached 1
        lost 0
        attached 2
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
            lost 0
              destroy runner-0
              boot runner-2
            attached 2
              welcome runner-2
            counts
              2 ready, 1 reaping
        "#]],
    );
}

#[test]
fn a_draining_runner_counts_towards_the_maximum() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        draining 0
        checkout b
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
            checkout b
            ended a
            finished 0
              destroy runner-0
              boot runner-1
        "#]],
    );
}

#[test]
fn an_instance_that_is_being_destroyed_does_not_count() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        checkout b
        lost 0
        counts
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
            checkout b
            lost 0
              lose a on runner-0
              destroy runner-0
              boot runner-1
            counts
              1 queued, 1 booting, 1 reaping
            destroyed 0
            counts
              1 queued, 1 booting
        "#]],
    );
}
