//! What happens when the owner changes how much work there may be, and where it goes.

use expect_test::expect;

use super::check;

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
              drain runner-1 after its one call
            ended a
              drain runner-0 after its one call
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
