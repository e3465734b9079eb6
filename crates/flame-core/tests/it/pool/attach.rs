//! Instances that call back, and those that must not.

use expect_test::expect;

use super::check;

#[test]
fn a_runner_that_calls_back_too_late_is_refused() {
    check(
        "max=1 concurrency=1 boot=20s",
        "
        checkout a
        wait 20s
        attached 0
        failed 0
        destroyed 0
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            wait 20s
            at 20s: boot timeout of runner-0
              fail the boot of runner-0
              destroy runner-0
            attached 0
              refuse runner-0
            failed 0
              ignored
            destroyed 0
        "#]],
    );
}

#[test]
fn a_runner_that_calls_back_when_its_boot_was_given_up_is_refused() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        gone a
        attached 0
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            gone a
              destroy runner-0
            attached 0
              refuse runner-0
        "#]],
    );
}

#[test]
fn an_instance_that_calls_back_is_welcome_and_takes_calls() {
    check(
        "max=1 min=1 concurrency=2",
        "
        attached 0
        checkout a
        counts
        ",
        &expect![[r#"
            begin
              boot runner-0
            attached 0
              welcome runner-0
            checkout a
              grant a runner-0
            counts
              1 running, 1 ready
        "#]],
    );
}

#[test]
fn a_second_runner_of_one_boot_is_refused_and_the_first_is_left_alone() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        attached 0
        ended a
        checkout b
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            attached 0
              refuse runner-0
            ended a
            checkout b
              grant b runner-0
        "#]],
    );
}

#[test]
fn a_runner_of_a_boot_that_never_was_is_refused() {
    check(
        "max=1 concurrency=1",
        "
        attached 7
        counts
        ",
        &expect![[r#"
            begin
            attached 7
              refuse runner-7
            counts
              nothing
        "#]],
    );
}
