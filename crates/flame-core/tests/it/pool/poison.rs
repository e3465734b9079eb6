//! Work that ignores its cancel.

use expect_test::expect;

use super::check;

#[test]
fn a_runner_with_nothing_but_stuck_work_is_killed_after_the_grace() {
    check(
        "max=1 concurrency=1 grace=5s",
        "
        checkout a deadline=10s
        checkout b
        attached 0
        wait 15s
        destroyed 0
        attached 1
        ",
        &expect![[r#"
            begin
            checkout a deadline=10s
              boot runner-0
            checkout b
            attached 0
              welcome runner-0
              grant a runner-0
            wait 15s
            at 10s: deadline of a
              expire a
              cancel a on runner-0: deadline
            at 15s: end of the grace of a
              destroy runner-0
              boot runner-1
            destroyed 0
            attached 1
              welcome runner-1
              grant b runner-1
        "#]],
    );
}

#[test]
fn work_that_ends_within_the_grace_spares_its_runner() {
    check(
        "max=1 concurrency=1 grace=5s idle=ever",
        "
        checkout a
        attached 0
        gone a
        wait 4s
        ended a
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
            gone a
              cancel a on runner-0: caller gone
            wait 4s
            ended a
            wait 1m
            counts
              1 ready
        "#]],
    );
}

#[test]
fn neighbors_of_stuck_work_go_on_and_nothing_new_comes() {
    check(
        "max=2 concurrency=2 grace=5s",
        "
        checkout a
        checkout b
        attached 0
        gone a
        wait 5s
        counts
        checkout c
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
              grant b runner-0
            gone a
              cancel a on runner-0: caller gone
            wait 5s
            at 5s: end of the grace of a
            counts
              1 running, 1 unconfirmed, 1 poisoned
            checkout c
              boot runner-1
            ended b
              destroy runner-0
        "#]],
    );
}

#[test]
fn neighbors_of_stuck_work_have_the_shutdown_timeout_at_most() {
    check(
        "max=1 concurrency=2 grace=5s shutdown=30s",
        "
        checkout a
        checkout b
        attached 0
        gone a
        wait 40s
        destroyed 0
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
            gone a
              cancel a on runner-0: caller gone
            wait 40s
            at 5s: end of the grace of a
            at 35s: poison timeout of runner-0
              lose b on runner-0
              destroy runner-0
            destroyed 0
            counts
              nothing
        "#]],
    );
}

#[test]
fn stuck_work_that_ends_after_all_does_not_mend_its_runner() {
    check(
        "max=1 concurrency=2 grace=5s",
        "
        checkout a
        checkout b
        attached 0
        gone a
        wait 5s
        ended a
        checkout c
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
              grant b runner-0
            gone a
              cancel a on runner-0: caller gone
            wait 5s
            at 5s: end of the grace of a
            ended a
            checkout c
            ended b
              destroy runner-0
              boot runner-1
        "#]],
    );
}

#[test]
fn values_on_a_runner_with_stuck_work_have_the_shutdown_timeout() {
    check(
        "max=1 concurrency=2 grace=5s shutdown=30s",
        "
        checkout a
        checkout b
        attached 0
        ended a leaving values
        gone b
        wait 35s
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
            gone b
              cancel b on runner-0: caller gone
            wait 35s
            at 5s: end of the grace of b
            at 35s: poison timeout of runner-0
              lose what a left on runner-0
              destroy runner-0
        "#]],
    );
}

#[test]
fn a_draining_runner_with_stuck_work_keeps_its_earlier_end() {
    check(
        "max=1 concurrency=2 grace=5s shutdown=30s",
        "
        checkout a
        checkout b
        attached 0
        draining 0
        wait 20s
        gone a
        wait 15s
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
            draining 0
            wait 20s
            gone a
              cancel a on runner-0: caller gone
            wait 15s
            at 25s: end of the grace of a
            at 30s: drain timeout of runner-0
              cancel b on runner-0: drain timeout
            at 35s: end of the drain grace of runner-0
              lose b on runner-0
              destroy runner-0
            counts
              1 reaping
        "#]],
    );
}

#[test]
fn stuck_work_takes_no_grace_from_a_caller_that_still_waits() {
    check(
        "max=1 concurrency=2 grace=5s shutdown=30s",
        "
        checkout a
        checkout b
        attached 0
        draining 0
        wait 28s
        gone a
        wait 6s
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
              grant b runner-0
            draining 0
            wait 28s
            gone a
              cancel a on runner-0: caller gone
            wait 6s
            at 30s: drain timeout of runner-0
              cancel b on runner-0: drain timeout
            at 33s: end of the grace of a
            ended b
              destroy runner-0
        "#]],
    );
}
