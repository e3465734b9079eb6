//! Instances that must not outlive their purpose.

use expect_test::expect;

use super::check;

#[test]
fn the_backend_is_asked_until_the_instance_is_gone() {
    check(
        "max=1 concurrency=1 kill=2s backoff-max=10s",
        "
        checkout a
        attached 0
        ended a
        lost 0
        undestroyed 0
        wait 2s
        undestroyed 0
        wait 4s
        undestroyed 0
        wait 8s
        undestroyed 0
        wait 10s
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
            lost 0
              destroy runner-0
            undestroyed 0
            wait 2s
            at 2s: destroy retry of runner-0
              destroy runner-0
            undestroyed 0
            wait 4s
            at 6s: destroy retry of runner-0
              destroy runner-0
            undestroyed 0
            wait 8s
            at 14s: destroy retry of runner-0
              destroy runner-0
            undestroyed 0
            wait 10s
            at 24s: destroy retry of runner-0
              destroy runner-0
            destroyed 0
            counts
              nothing
        "#]],
    );
}

#[test]
fn the_instance_of_a_runner_that_said_goodbye_is_destroyed_too() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        ended a
        finished 0
        destroyed 0
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
            finished 0
              destroy runner-0
            destroyed 0
            destroyed 0
              ignored
            counts
              nothing
        "#]],
    );
}

#[test]
fn one_answer_to_one_request() {
    check(
        "max=1 concurrency=1 kill=2s",
        "
        checkout a
        attached 0
        ended a
        lost 0
        undestroyed 0
        undestroyed 0
        wait 1m
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a
            lost 0
              destroy runner-0
            undestroyed 0
            undestroyed 0
              ignored
            wait 1m
            at 2s: destroy retry of runner-0
              destroy runner-0
        "#]],
    );
}

#[test]
fn an_instance_that_goes_between_two_requests_is_not_asked_for_again() {
    check(
        "max=1 concurrency=1 kill=2s",
        "
        checkout a
        attached 0
        ended a
        lost 0
        undestroyed 0
        destroyed 0
        wait 1m
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
            lost 0
              destroy runner-0
            undestroyed 0
            destroyed 0
            wait 1m
            counts
              nothing
        "#]],
    );
}

#[test]
fn only_an_instance_that_was_to_be_destroyed_can_be_gone() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        destroyed 0
        undestroyed 0
        attached 0
        destroyed 0
        destroyed 7
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            destroyed 0
              ignored
            undestroyed 0
              ignored
            attached 0
              welcome runner-0
              grant a runner-0
            destroyed 0
              ignored
            destroyed 7
              ignored
            counts
              1 running, 1 ready
        "#]],
    );
}
