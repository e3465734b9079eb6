//! Runners without work.

use expect_test::expect;

use super::check;

#[test]
fn an_idle_runner_is_asked_and_goes_when_it_agrees() {
    check(
        "max=1 concurrency=1 idle=30s",
        "
        checkout a
        attached 0
        ended a
        wait 30s
        idle 0
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
            wait 30s
            at 30s: idle check
              ask runner-0 to go
            idle 0
              drain runner-0 for want of work
            finished 0
              destroy runner-0
            destroyed 0
            counts
              nothing
        "#]],
    );
}

#[test]
fn a_runner_that_does_not_agree_is_asked_again_later() {
    check(
        "max=1 concurrency=1 idle=30s",
        "
        checkout a
        attached 0
        ended a
        wait 30s
        busy 0
        wait 30s
        idle 0
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a
            wait 30s
            at 30s: idle check
              ask runner-0 to go
            busy 0
            wait 30s
            at 60s: idle check
              ask runner-0 to go
            idle 0
              drain runner-0 for want of work
        "#]],
    );
}

#[test]
fn a_grant_takes_the_question_back() {
    check(
        "max=1 concurrency=1 idle=30s",
        "
        checkout a
        attached 0
        ended a
        wait 30s
        checkout b
        idle 0
        ended b
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a
            wait 30s
            at 30s: idle check
              ask runner-0 to go
            checkout b
              grant b runner-0
            idle 0
              ignored
            ended b
        "#]],
    );
}

#[test]
fn a_question_that_is_not_answered_is_asked_again_in_time() {
    check(
        "max=1 concurrency=1 idle=30s",
        "
        checkout a
        attached 0
        ended a
        wait 70s
        idle 0
        wait 30s
        idle 0
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a
            wait 70s
            at 30s: idle check
              ask runner-0 to go
            at 60s: idle check
            idle 0
              ignored
            wait 30s
            at 90s: idle check
              ask runner-0 to go
            idle 0
              drain runner-0 for want of work
        "#]],
    );
}

#[test]
fn the_minimum_stays() {
    check(
        "max=3 min=1 concurrency=1 idle=30s",
        "
        attached 0
        checkout a
        checkout b
        attached 1
        ended a
        ended b
        wait 30s
        idle 0
        wait 5m
        counts
        ",
        &expect![[r#"
            begin
              boot runner-0
            attached 0
              welcome runner-0
            checkout a
              grant a runner-0
            checkout b
              boot runner-1
            attached 1
              welcome runner-1
              grant b runner-1
            ended a
            ended b
            wait 30s
            at 30s: idle check
              ask runner-0 to go
            idle 0
              drain runner-0 for want of work
            wait 5m
            at 60s: drain timeout of runner-0
            at 65s: end of the drain grace of runner-0
              destroy runner-0
            counts
              1 ready, 1 reaping
        "#]],
    );
}

#[test]
fn the_last_runners_go_if_they_may_and_are_not_replaced_until_somebody_comes() {
    check(
        "max=2 min=1 concurrency=1 idle=30s min-idle=2m",
        "
        attached 0
        wait 2m
        idle 0
        finished 0
        destroyed 0
        wait 10m
        checkout a
        ",
        &expect![[r#"
            begin
              boot runner-0
            attached 0
              welcome runner-0
            wait 2m
            at 120s: idle check
              ask runner-0 to go
            idle 0
              drain runner-0 for want of work
            finished 0
              destroy runner-0
            destroyed 0
            wait 10m
            checkout a
              boot runner-1
        "#]],
    );
}

#[test]
fn runners_beyond_the_minimum_do_not_wait_for_the_longer_span() {
    check(
        "max=2 min=1 concurrency=1 idle=30s min-idle=2m",
        "
        attached 0
        checkout a
        checkout b
        attached 1
        ended a
        ended b
        wait 30s
        idle 0
        wait 90s
        ",
        &expect![[r#"
            begin
              boot runner-0
            attached 0
              welcome runner-0
            checkout a
              grant a runner-0
            checkout b
              boot runner-1
            attached 1
              welcome runner-1
              grant b runner-1
            ended a
            ended b
            wait 30s
            at 30s: idle check
              ask runner-0 to go
            idle 0
              drain runner-0 for want of work
            wait 90s
            at 60s: drain timeout of runner-0
            at 65s: end of the drain grace of runner-0
              destroy runner-0
            at 120s: idle check
              ask runner-1 to go
        "#]],
    );
}

#[test]
fn a_warm_runner_is_not_idle() {
    check(
        "max=2 concurrency=1 warm=1 idle=30s",
        "
        attached 0
        wait 5m
        counts
        ",
        &expect![[r#"
            begin
              boot runner-0
            attached 0
              welcome runner-0
            wait 5m
            counts
              1 ready
        "#]],
    );
}

#[test]
fn a_runner_that_agrees_when_it_is_needed_again_stays() {
    check(
        "max=2 min=1 concurrency=1 idle=30s",
        "
        attached 0
        checkout a
        checkout b
        attached 1
        ended a
        ended b
        wait 30s
        lost 1
        idle 0
        counts
        ",
        &expect![[r#"
            begin
              boot runner-0
            attached 0
              welcome runner-0
            checkout a
              grant a runner-0
            checkout b
              boot runner-1
            attached 1
              welcome runner-1
              grant b runner-1
            ended a
            ended b
            wait 30s
            at 30s: idle check
              ask runner-0 to go
            lost 1
              destroy runner-1
            idle 0
            counts
              1 ready, 1 reaping
        "#]],
    );
}

#[test]
fn an_answer_that_nobody_asked_for_changes_nothing() {
    check(
        "max=1 min=1 concurrency=1",
        "
        attached 0
        idle 0
        idle 7
        counts
        ",
        &expect![[r#"
            begin
              boot runner-0
            attached 0
              welcome runner-0
            idle 0
              ignored
            idle 7
              ignored
            counts
              1 ready
        "#]],
    );
}
