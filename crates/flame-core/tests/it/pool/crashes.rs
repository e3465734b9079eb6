//! Copies that crash as soon as they run.

use expect_test::expect;

use super::check;

#[test]
fn a_copy_that_crashes_again_and_again_is_booted_after_pauses() {
    check(
        "max=1 min=1 backoff=1s",
        "
        attached 0
        lost 0
        attached 1
        lost 1
        wait 2s
        attached 2
        lost 2
        wait 3s
        attached 3
        lost 3
        wait 5s
        ",
        &expect![[r#"
            begin
              boot runner-0
            attached 0
              welcome runner-0
            lost 0
              destroy runner-0
              boot runner-1
            attached 1
              welcome runner-1
            lost 1
              destroy runner-1
            wait 2s
            at 1.239s: end of the pause
              boot runner-2
            attached 2
              welcome runner-2
            lost 2
              destroy runner-2
            wait 3s
            at 4.148s: end of the pause
              boot runner-3
            attached 3
              welcome runner-3
            lost 3
              destroy runner-3
            wait 5s
            at 9.12s: end of the pause
              boot runner-4
        "#]],
    );
}

#[test]
fn one_loss_makes_nobody_wait() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        checkout b
        attached 0
        lost 0
        attached 1
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
            attached 0
              welcome runner-0
              grant a runner-0
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
fn runners_that_are_lost_together_are_one_loss() {
    check(
        "max=3 min=3",
        "
        attached 0
        attached 1
        attached 2
        lost 0
        lost 1
        lost 2
        ",
        &expect![[r#"
            begin
              boot runner-0
              boot runner-1
              boot runner-2
            attached 0
              welcome runner-0
            attached 1
              welcome runner-1
            attached 2
              welcome runner-2
            lost 0
              destroy runner-0
              boot runner-3
            lost 1
              destroy runner-1
              boot runner-4
            lost 2
              destroy runner-2
              boot runner-5
        "#]],
    );
}

#[test]
fn a_call_that_ends_shows_that_copies_can_work() {
    check(
        "max=1 min=1 concurrency=1 backoff=1s",
        "
        attached 0
        lost 0
        attached 1
        checkout a
        ended a
        lost 1
        attached 2
        lost 2
        attached 3
        lost 3
        wait 2s
        ",
        &expect![[r#"
            begin
              boot runner-0
            attached 0
              welcome runner-0
            lost 0
              destroy runner-0
              boot runner-1
            attached 1
              welcome runner-1
            checkout a
              grant a runner-1
            ended a
            lost 1
              destroy runner-1
              boot runner-2
            attached 2
              welcome runner-2
            lost 2
              destroy runner-2
              boot runner-3
            attached 3
              welcome runner-3
            lost 3
              destroy runner-3
            wait 2s
            at 1.239s: end of the pause
              boot runner-4
        "#]],
    );
}

#[test]
fn a_copy_that_calls_back_does_not_end_the_pause_after_crashes() {
    check(
        "max=2 min=2 concurrency=1 backoff=10s",
        "
        attached 0
        lost 0
        attached 2
        lost 2
        attached 1
        ",
        &expect![[r#"
            begin
              boot runner-0
              boot runner-1
            attached 0
              welcome runner-0
            lost 0
              destroy runner-0
              boot runner-2
            attached 2
              welcome runner-2
            lost 2
              destroy runner-2
            attached 1
              welcome runner-1
        "#]],
    );
}

#[test]
fn work_that_kills_its_runner_fails_its_caller_and_nobody_else_at_once() {
    check(
        "max=1 concurrency=1 backoff=1s",
        "
        checkout a
        checkout b
        checkout c
        attached 0
        lost 0
        attached 1
        lost 1
        wait 2s
        attached 2
        ended c
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
            checkout c
            attached 0
              welcome runner-0
              grant a runner-0
            lost 0
              lose a on runner-0
              destroy runner-0
              boot runner-1
            attached 1
              welcome runner-1
              grant b runner-1
            lost 1
              lose b on runner-1
              destroy runner-1
            wait 2s
            at 1.239s: end of the pause
              boot runner-2
            attached 2
              welcome runner-2
              grant c runner-2
            ended c
        "#]],
    );
}
