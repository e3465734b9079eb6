//! Values that calls leave on their runner.

use expect_test::expect;

use super::check;

#[test]
fn left_values_keep_their_slot() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        ended a leaving values
        checkout b
        counts
        released a
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a leaving values
            checkout b
            counts
              1 queued, 1 residents, 1 ready
            released a
              grant b runner-0
        "#]],
    );
}

#[test]
fn a_runner_with_left_values_is_not_idle() {
    check(
        "max=1 concurrency=1 idle=30s",
        "
        checkout a
        attached 0
        ended a leaving values
        wait 5m
        released a
        wait 30s
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a leaving values
            wait 5m
            released a
            wait 30s
            at 330s: idle check
              ask runner-0 to go
        "#]],
    );
}

#[test]
fn left_values_outlive_their_caller_and_its_deadline() {
    check(
        "max=1 concurrency=1",
        "
        checkout a deadline=10s
        attached 0
        ended a leaving values
        gone a
        wait 1m
        counts
        ",
        &expect![[r#"
            begin
            checkout a deadline=10s
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a leaving values
            gone a
              ignored
            wait 1m
            counts
              1 residents, 1 ready
        "#]],
    );
}

#[test]
fn left_values_are_lost_with_their_runner() {
    check(
        "max=1 concurrency=2",
        "
        checkout a
        checkout b
        attached 0
        ended a leaving values
        lost 0
        released a
        counts
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
            ended a leaving values
            lost 0
              lose what a left on runner-0
              lose b on runner-0
              destroy runner-0
            released a
              ignored
            counts
              1 reaping
        "#]],
    );
}

#[test]
fn a_cancelled_call_may_leave_values_too() {
    check(
        "max=1 concurrency=1 grace=5s",
        "
        checkout a
        attached 0
        gone a
        ended a leaving values
        wait 1m
        counts
        released a
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
            ended a leaving values
            wait 1m
            counts
              1 residents, 1 ready
            released a
        "#]],
    );
}

#[test]
fn a_drain_does_not_wait_for_left_values_for_ever() {
    check(
        "max=1 concurrency=1 shutdown=30s grace=5s",
        "
        checkout a
        attached 0
        ended a leaving values
        draining 0
        wait 35s
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a leaving values
            draining 0
            wait 35s
            at 30s: drain timeout of runner-0
            at 35s: end of the drain grace of runner-0
              lose what a left on runner-0
              destroy runner-0
        "#]],
    );
}

#[test]
fn a_single_use_runner_goes_when_what_its_call_left_is_gone() {
    check(
        "max=1 single-use",
        "
        checkout a
        attached 0
        ended a leaving values
        released a
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a leaving values
            released a
              drain runner-0 after its one call
        "#]],
    );
}

#[test]
fn values_are_released_once() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        released a
        ended a leaving values
        ended a
        released a
        released a
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            released a
              ignored
            ended a leaving values
            ended a
              ignored
            released a
            released a
              ignored
        "#]],
    );
}
