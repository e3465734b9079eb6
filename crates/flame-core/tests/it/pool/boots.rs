//! Boots that fail, take too long, or come too late.

use expect_test::expect;

use super::check;

#[test]
fn a_failed_boot_is_tried_again_after_a_pause_that_doubles() {
    check(
        "max=1 concurrency=1 backoff=1s",
        "
        checkout a
        failed 0
        destroyed 0
        wait 2s
        failed 1
        wait 3s
        failed 2
        wait 5s
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            failed 0
              destroy runner-0
            destroyed 0
            wait 2s
            at 1.239s: end of the pause
              boot runner-1
            failed 1
              destroy runner-1
            wait 3s
            at 4.148s: end of the pause
              boot runner-2
            failed 2
              destroy runner-2
            wait 5s
            at 9.12s: end of the pause
              boot runner-3
            counts
              1 queued, 1 booting, 2 reaping
        "#]],
    );
}

#[test]
fn the_pause_grows_no_further_than_its_longest() {
    check(
        "max=1 concurrency=1 backoff=1s backoff-max=2s",
        "
        checkout a
        failed 0
        wait 2s
        failed 1
        wait 3s
        failed 2
        wait 3s
        failed 3
        wait 3s
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            failed 0
              destroy runner-0
            wait 2s
            at 1.239s: end of the pause
              boot runner-1
            failed 1
              destroy runner-1
            wait 3s
            at 4.148s: end of the pause
              boot runner-2
            failed 2
              destroy runner-2
            wait 3s
            at 7.06s: end of the pause
              boot runner-3
            failed 3
              destroy runner-3
            wait 3s
            at 10.02s: end of the pause
              boot runner-4
        "#]],
    );
}

#[test]
fn a_runner_that_attaches_ends_the_pause() {
    check(
        "max=3 concurrency=1 backoff=10s",
        "
        checkout a
        checkout b
        failed 0
        attached 1
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
              boot runner-1
            failed 0
              destroy runner-0
            attached 1
              welcome runner-1
              grant a runner-1
              boot runner-2
        "#]],
    );
}

#[test]
fn boots_that_fail_together_count_as_one_failure() {
    check(
        "max=3 concurrency=1 backoff=1s",
        "
        checkout a
        checkout b
        checkout c
        failed 0
        failed 1
        failed 2
        wait 2s
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
              boot runner-1
            checkout c
              boot runner-2
            failed 0
              destroy runner-0
            failed 1
              destroy runner-1
            failed 2
              destroy runner-2
            wait 2s
            at 1.239s: end of the pause
              boot runner-3
              boot runner-4
              boot runner-5
            counts
              3 queued, 3 booting, 3 reaping
        "#]],
    );
}

#[test]
fn after_failures_as_many_boots_are_made_as_are_needed() {
    check(
        "max=3 concurrency=1",
        "
        checkout a
        checkout b
        checkout c
        failed 1
        failed 0
        failed 2
        wait 1s
        attached 3
        attached 4
        attached 5
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
              boot runner-1
            checkout c
              boot runner-2
            failed 1
              destroy runner-1
            failed 0
              destroy runner-0
            failed 2
              destroy runner-2
            wait 1s
            at 619.5ms: end of the pause
              boot runner-3
              boot runner-4
              boot runner-5
            attached 3
              welcome runner-3
              grant a runner-3
            attached 4
              welcome runner-4
              grant b runner-4
            attached 5
              welcome runner-5
              grant c runner-5
        "#]],
    );
}

#[test]
fn a_boot_that_is_not_needed_any_more_after_the_pause_is_not_made() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        failed 0
        gone a
        wait 5m
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            failed 0
              destroy runner-0
            gone a
            wait 5m
            counts
              1 reaping
        "#]],
    );
}

#[test]
fn a_failed_boot_fails_nobody_who_has_time() {
    check(
        "max=1 concurrency=1",
        "
        checkout a deadline=30s
        failed 0
        wait 1s
        attached 1
        ",
        &expect![[r#"
            begin
            checkout a deadline=30s
              boot runner-0
            failed 0
              destroy runner-0
            wait 1s
            at 619.5ms: end of the pause
              boot runner-1
            attached 1
              welcome runner-1
              grant a runner-1
        "#]],
    );
}

#[test]
fn a_boot_that_takes_too_long_is_destroyed_and_tried_again() {
    check(
        "max=1 concurrency=1 boot=20s backoff=1s",
        "
        checkout a
        wait 25s
        attached 1
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            wait 25s
            at 20s: boot timeout of runner-0
              fail the boot of runner-0
              destroy runner-0
            at 21.239s: end of the pause
              boot runner-1
            attached 1
              welcome runner-1
              grant a runner-1
        "#]],
    );
}

#[test]
fn a_pause_of_nothing_is_a_short_one() {
    check(
        "max=1 concurrency=1 backoff=0s",
        "
        checkout a
        failed 0
        wait 2ms
        failed 1
        wait 2ms
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            failed 0
              destroy runner-0
            wait 2ms
            at 1.239ms: end of the pause
              boot runner-1
            failed 1
              destroy runner-1
            wait 2ms
            at 3.074ms: end of the pause
              boot runner-2
        "#]],
    );
}

#[test]
fn a_pause_without_end_does_not_end() {
    check(
        "max=1 concurrency=1 backoff=ever backoff-max=ever",
        "
        checkout a
        failed 0
        failed 0
        wait 60m
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            failed 0
              destroy runner-0
            failed 0
              ignored
            wait 60m
            counts
              1 queued, 1 reaping
        "#]],
    );
}

#[test]
fn a_boot_timeout_of_nothing_is_a_short_one() {
    check(
        "max=1 concurrency=1 boot=0s backoff=0s",
        "
        checkout a
        wait 3ms
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            wait 3ms
            at 1ms: boot timeout of runner-0
              fail the boot of runner-0
              destroy runner-0
            at 2.239ms: end of the pause
              boot runner-1
        "#]],
    );
}
