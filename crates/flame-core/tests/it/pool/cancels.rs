//! Callers that leave.

use expect_test::expect;

use super::check;

#[test]
fn the_slot_of_a_caller_that_left_is_free_when_its_work_has_ended() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        checkout b
        gone a
        counts
        ended a
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            checkout b
            gone a
              cancel a on runner-0: caller gone
            counts
              1 queued, 1 unconfirmed, 1 ready
            ended a
              grant b runner-0
        "#]],
    );
}

#[test]
fn a_caller_that_leaves_while_its_runner_boots_takes_the_boot_along() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        gone a
        destroyed 0
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            gone a
              destroy runner-0
            destroyed 0
            counts
              nothing
        "#]],
    );
}

#[test]
fn a_boot_that_the_minimum_needs_outlives_its_caller() {
    check(
        "max=2 min=1 concurrency=1",
        "
        checkout a
        gone a
        attached 0
        ",
        &expect![[r#"
            begin
              boot runner-0
            checkout a
            gone a
            attached 0
              welcome runner-0
        "#]],
    );
}

#[test]
fn a_caller_that_leaves_right_after_its_grant_is_cancelled_once() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        gone a
        gone a
        ended a
        ended a
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            gone a
              cancel a on runner-0: caller gone
            gone a
              ignored
            ended a
            ended a
              ignored
        "#]],
    );
}

#[test]
fn a_caller_that_leaves_after_its_work_has_ended_changes_nothing() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        ended a
        gone a
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
            gone a
              ignored
            counts
              1 ready
        "#]],
    );
}

#[test]
fn a_caller_that_leaves_and_whose_runner_is_lost_is_not_told() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        gone a
        lost 0
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
            gone a
              cancel a on runner-0: caller gone
            lost 0
              destroy runner-0
            ended a
              ignored
            counts
              1 reaping
        "#]],
    );
}

#[test]
fn work_that_ends_when_its_runner_is_lost_already_changes_nothing() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        lost 0
        ended a
        returned a
        released a
        gone a
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            lost 0
              lose a on runner-0
              destroy runner-0
            ended a
              ignored
            returned a
              ignored
            released a
              ignored
            gone a
              ignored
            counts
              1 reaping
        "#]],
    );
}
