//! What a runner hears of new limits, and what becomes of times that run.

use expect_test::expect;

use super::check;

#[test]
fn a_runner_hears_only_of_what_it_has_to_know() {
    check(
        "max=2 min=1",
        "
        attached 0
        now idle=10s boot=5s kill=1s queue=7 max=3
        now shutdown=10s
        now grace=1s
        now grace=1s
        ",
        &expect![[r#"
            begin
              boot runner-0
            attached 0
              welcome runner-0
            now idle=10s boot=5s kill=1s queue=7 max=3
            now shutdown=10s
              tell runner-0 its limits
            now grace=1s
              tell runner-0 its limits
            now grace=1s
        "#]],
    );
}

#[test]
fn a_runner_that_drains_is_told_and_one_that_boots_is_not() {
    check(
        "max=2 concurrency=1",
        "
        checkout a
        attached 0
        draining 0
        checkout b
        now grace=1s
        attached 1
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
              boot runner-1
            now grace=1s
              tell runner-0 its limits
            attached 1
              welcome runner-1
              grant b runner-1
        "#]],
    );
}

#[test]
fn deadlines_that_run_keep_their_instants() {
    check(
        "max=2 concurrency=1 boot=20s grace=5s shutdown=30s",
        "
        checkout a
        checkout b
        attached 0
        gone a
        draining 0
        now boot=1s grace=1s shutdown=1s
        wait 20s
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
              boot runner-1
            attached 0
              welcome runner-0
              grant a runner-0
            gone a
              cancel a on runner-0: caller gone
            draining 0
            now boot=1s grace=1s shutdown=1s
              tell runner-0 its limits
            wait 20s
            at 5s: end of the grace of a
              destroy runner-0
            at 20s: boot timeout of runner-1
              fail the boot of runner-1
              destroy runner-1
        "#]],
    );
}

#[test]
fn a_shorter_idle_time_counts_from_when_the_work_ended() {
    check(
        "max=1 idle=30s concurrency=1",
        "
        checkout a
        attached 0
        ended a
        wait 10s
        now idle=10s
        wait 1s
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a
            wait 10s
            now idle=10s
              ask runner-0 to go
            wait 1s
        "#]],
    );
}

#[test]
fn a_pause_that_runs_keeps_its_end_and_the_next_one_is_new() {
    check(
        "max=1 backoff=1s backoff-max=60s",
        "
        checkout a
        failed 0
        now backoff=10s
        wait 2s
        failed 1
        wait 30s
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            failed 0
              destroy runner-0
            now backoff=10s
            wait 2s
            at 1.239s: end of the pause
              boot runner-1
            failed 1
              destroy runner-1
            wait 30s
            at 23.48s: end of the pause
              boot runner-2
        "#]],
    );
}

#[test]
fn a_pool_without_time_to_drain_is_done_at_once() {
    check(
        "max=2 min=2 concurrency=1 grace=5s",
        "
        attached 0
        attached 1
        checkout a
        checkout b
        now min=1 max=1 shutdown=0s grace=0s
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
            checkout b
              grant b runner-1
            now min=1 max=1 shutdown=0s grace=0s
              tell runner-0 its limits
              tell runner-1 its limits
              drain runner-0 because there are too many
              cancel a on runner-0: drain timeout
              lose a on runner-0
              destroy runner-0
            counts
              1 running, 1 ready, 1 reaping
        "#]],
    );
}

#[test]
fn a_pool_that_has_ended_has_no_limits_to_change() {
    check(
        "max=1",
        "
        shutdown
        now max=2
        ",
        &expect![[r#"
            begin
            shutdown
              confirm shutdown
            now max=2
              ignored
        "#]],
    );
}
