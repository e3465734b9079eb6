//! Boots that no repetition can mend.

use expect_test::expect;

use super::check;

#[test]
fn a_boot_that_cannot_succeed_is_told_to_whoever_waits() {
    check(
        "max=2 concurrency=1 backoff=1s",
        "
        checkout a
        checkout b
        failed 0 for good
        failed 1 for good
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
              boot runner-1
            failed 0 for good
              destroy runner-0
              reject a: boots fail
              reject b: boots fail
              destroy runner-1
            failed 1 for good
              ignored
            counts
              2 reaping
        "#]],
    );
}

#[test]
fn after_a_boot_that_could_not_succeed_a_later_caller_gets_another_try() {
    check(
        "max=1 concurrency=1 backoff=1s",
        "
        checkout a
        failed 0 for good
        checkout b
        wait 2s
        attached 1
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            failed 0 for good
              destroy runner-0
              reject a: boots fail
            checkout b
            wait 2s
            at 1.239s: end of the pause
              boot runner-1
            attached 1
              welcome runner-1
              grant b runner-1
        "#]],
    );
}

#[test]
fn where_runners_serve_a_boot_that_cannot_succeed_rejects_nobody() {
    check(
        "max=2 concurrency=1",
        "
        checkout a
        attached 0
        checkout b
        failed 1 for good
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
              boot runner-1
            failed 1 for good
              destroy runner-1
            ended a
              grant b runner-0
        "#]],
    );
}

#[test]
fn a_runner_that_is_used_up_is_no_hope_for_whoever_waits() {
    check(
        "max=2 single-use",
        "
        checkout a
        attached 0
        checkout b
        failed 1 for good
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
            failed 1 for good
              destroy runner-1
              reject b: boots fail
        "#]],
    );
}
