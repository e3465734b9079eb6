//! What happens when the owner changes the limits of a running pool.

use expect_test::expect;

use super::check;

#[test]
fn a_higher_minimum_is_booted_at_once() {
    check(
        "max=3 min=0",
        "
        now min=2
        attached 0
        now min=1
        counts
        ",
        &expect![[r#"
            begin
            now min=2
              boot runner-0
              boot runner-1
            attached 0
              welcome runner-0
            now min=1
              destroy runner-1
            counts
              1 ready, 1 reaping
        "#]],
    );
}

#[test]
fn a_lower_maximum_sends_the_idle_away_first_and_then_those_with_the_least_work() {
    check(
        "max=3 min=3 concurrency=2 spread",
        "
        attached 0
        attached 1
        attached 2
        checkout a
        checkout b
        checkout c
        checkout d
        ended b
        now min=1 max=2
        checkout e
        checkout f
        now max=1
        ended e
        finished 1
        counts
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
            checkout a
              grant a runner-0
            checkout b
              grant b runner-1
            checkout c
              grant c runner-2
            checkout d
              grant d runner-0
            ended b
            now min=1 max=2
              drain runner-1
            checkout e
              grant e runner-2
            checkout f
            now max=1
              drain runner-0
            ended e
              grant f runner-2
            finished 1
              destroy runner-1
            counts
              4 running, 1 ready, 1 draining, 1 reaping
        "#]],
    );
}

#[test]
fn a_runner_that_goes_for_a_lower_maximum_finishes_what_it_has() {
    check(
        "max=2 concurrency=1 shutdown=30s",
        "
        checkout a
        checkout b
        attached 0
        attached 1
        now max=1
        checkout c
        ended b
        ended a
        finished 0
        destroyed 0
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
            attached 1
              welcome runner-1
              grant b runner-1
            now max=1
              drain runner-0
            checkout c
            ended b
              grant c runner-1
            ended a
            finished 0
              destroy runner-0
            destroyed 0
        "#]],
    );
}

#[test]
fn nothing_boots_until_a_lowered_maximum_has_room() {
    check(
        "max=3 min=3 concurrency=1",
        "
        attached 0
        attached 1
        attached 2
        checkout a
        checkout b
        now min=1 max=1
        lost 1
        counts
        ended a
        finished 0
        counts
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
            checkout a
              grant a runner-0
            checkout b
              grant b runner-1
            now min=1 max=1
              drain runner-2
              drain runner-0
            lost 1
              lose b on runner-1
              destroy runner-1
            counts
              1 running, 2 draining, 1 reaping
            ended a
            finished 0
              destroy runner-0
            counts
              1 draining, 2 reaping
        "#]],
    );
}

#[test]
fn a_boot_under_way_gives_way_to_what_is_on_its_way_out() {
    check(
        "max=3 concurrency=1",
        "
        checkout a
        checkout b
        attached 0
        attached 1
        draining 0
        draining 1
        checkout c
        now max=2
        ended a
        finished 0
        attached 2
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
            attached 1
              welcome runner-1
              grant b runner-1
            draining 0
            draining 1
            checkout c
              boot runner-2
            now max=2
              destroy runner-2
            ended a
            finished 0
              destroy runner-0
              boot runner-3
            attached 2
              refuse runner-2
        "#]],
    );
}

#[test]
fn a_boot_that_a_lower_maximum_has_given_up_is_refused() {
    check(
        "max=2 concurrency=1",
        "
        checkout a
        checkout b
        now max=1
        attached 1
        attached 0
        ended a
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
              boot runner-1
            now max=1
              destroy runner-1
            attached 1
              refuse runner-1
            attached 0
              welcome runner-0
              grant a runner-0
            ended a
              grant b runner-0
        "#]],
    );
}

#[test]
fn a_runner_that_was_asked_to_go_may_go_for_a_lower_maximum_meanwhile() {
    check(
        "max=2 min=0 concurrency=1 idle=30s",
        "
        checkout a
        checkout b
        attached 0
        attached 1
        ended a
        ended b
        wait 30s
        now max=1
        idle 0
        idle 1
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
            attached 1
              welcome runner-1
              grant b runner-1
            ended a
            ended b
            wait 30s
            at 30s: idle check
              ask runner-0 to go
              ask runner-1 to go
            now max=1
              drain runner-0
            idle 0
              ignored
            idle 1
              drain runner-1
        "#]],
    );
}

#[test]
fn an_answer_comes_too_late_when_the_minimum_has_grown() {
    check(
        "max=2 idle=30s concurrency=1",
        "
        checkout a
        attached 0
        ended a
        wait 30s
        now min=1
        idle 0
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
            now min=1
            idle 0
            counts
              1 ready
        "#]],
    );
}

#[test]
fn more_slots_are_told_before_they_are_granted() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        checkout b
        checkout c
        attached 0
        now concurrency=2
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
            now concurrency=2
              tell runner-0 its limits
              grant b runner-0
        "#]],
    );
}

#[test]
fn fewer_slots_are_granted_only_when_enough_work_has_ended() {
    check(
        "max=1 concurrency=3",
        "
        checkout a
        checkout b
        checkout c
        attached 0
        now concurrency=1
        checkout d
        ended a
        ended b
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
              grant b runner-0
              grant c runner-0
            now concurrency=1
              tell runner-0 its limits
            checkout d
            ended a
            ended b
            ended c
              grant d runner-0
        "#]],
    );
}

#[test]
fn a_runner_with_more_work_than_it_may_have_counts_as_full_and_no_more() {
    check(
        "max=4 concurrency=4",
        "
        checkout a
        checkout b
        checkout c
        checkout d
        attached 0
        now concurrency=1
        counts
        checkout e
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
            checkout c
            checkout d
            attached 0
              welcome runner-0
              grant a runner-0
              grant b runner-0
              grant c runner-0
              grant d runner-0
            now concurrency=1
              tell runner-0 its limits
            counts
              4 running, 1 ready
            checkout e
              boot runner-1
        "#]],
    );
}

#[test]
fn a_shorter_queue_refuses_newcomers_alone() {
    check(
        "max=1 concurrency=1 queue=3",
        "
        checkout a
        attached 0
        checkout b
        checkout c
        checkout d
        now queue=1
        checkout e
        ended a
        ended b
        ended c
        checkout f
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            checkout b
            checkout c
            checkout d
            now queue=1
            checkout e
              reject e: the queue is full
            ended a
              grant b runner-0
            ended b
              grant c runner-0
            ended c
              grant d runner-0
            checkout f
        "#]],
    );
}

#[test]
fn a_warmer_pool_boots_ahead_and_a_colder_one_gives_boots_back() {
    check(
        "max=3 concurrency=1",
        "
        now warm=2
        attached 0
        now warm=1
        ",
        &expect![[r#"
            begin
            now warm=2
              boot runner-0
              boot runner-1
            attached 0
              welcome runner-0
            now warm=1
              destroy runner-1
        "#]],
    );
}

#[test]
fn runners_of_a_pool_that_becomes_single_use_go_after_their_work() {
    check(
        "max=2 min=2 concurrency=2",
        "
        attached 0
        attached 1
        checkout a
        checkout b
        ended b
        now single-use
        ended a
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
            ended b
            now single-use
              tell runner-0 its limits
              tell runner-1 its limits
              drain runner-1
            ended a
              drain runner-0
        "#]],
    );
}

#[test]
fn runners_of_a_pool_that_stops_being_single_use_stay() {
    check(
        "max=1 single-use concurrency=2",
        "
        checkout a
        attached 0
        now used-often
        checkout b
        ended a
        ended b
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            now used-often
              tell runner-0 its limits
            checkout b
              grant b runner-0
            ended a
            ended b
            counts
              1 ready
        "#]],
    );
}

#[test]
fn placement_changes_with_the_next_call() {
    check(
        "max=2 min=2 concurrency=3",
        "
        attached 0
        attached 1
        checkout a
        checkout b
        now pack
        checkout c
        checkout d
        checkout e
        now spread
        ended b
        checkout f
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
            now pack
            checkout c
              grant c runner-0
            checkout d
              grant d runner-0
            checkout e
              grant e runner-1
            now spread
            ended b
            checkout f
              grant f runner-1
        "#]],
    );
}

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
              drain runner-0
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
