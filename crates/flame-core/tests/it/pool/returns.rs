//! Work that comes back unstarted.

use expect_test::expect;

use super::check;

#[test]
fn returned_work_is_the_next_to_be_granted() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        checkout b
        attached 0
        draining 0
        returned a
        finished 0
        attached 1
        ended a
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
            attached 0
              welcome runner-0
              grant a runner-0
            draining 0
            returned a
            finished 0
              destroy runner-0
              boot runner-1
            attached 1
              welcome runner-1
              grant a runner-1
            ended a
              grant b runner-1
        "#]],
    );
}

#[test]
fn returned_work_moves_to_another_runner_at_once() {
    check(
        "max=2 min=2 concurrency=1",
        "
        attached 0
        attached 1
        checkout a
        draining 0
        returned a
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
            draining 0
            returned a
              grant a runner-1
        "#]],
    );
}

#[test]
fn returned_work_of_a_caller_that_left_frees_its_slot() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        gone a
        returned a
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
            returned a
            counts
              1 ready
        "#]],
    );
}

#[test]
fn returned_work_whose_time_is_over_is_not_granted_again() {
    check(
        "max=1 concurrency=1",
        "
        checkout a deadline=10s
        attached 0
        wait 10s
        returned a
        counts
        ",
        &expect![[r#"
            begin
            checkout a deadline=10s
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            wait 10s
            at 10s: deadline of a
              expire a
              cancel a on runner-0: deadline
            returned a
            counts
              1 ready
        "#]],
    );
}

#[test]
fn returned_work_has_a_place_in_a_full_queue() {
    check(
        "max=1 concurrency=1 queue=1",
        "
        checkout a
        attached 0
        checkout b
        draining 0
        returned a
        finished 0
        attached 1
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            checkout b
            draining 0
            returned a
            finished 0
              destroy runner-0
              boot runner-1
            attached 1
              welcome runner-1
              grant a runner-1
        "#]],
    );
}

#[test]
fn a_runner_that_returns_call_after_call_is_replaced() {
    check(
        "max=2 concurrency=1",
        "
        checkout a
        attached 0
        returned a
        returned a
        returned a
        attached 1
        finished 0
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            returned a
              grant a runner-0
            returned a
              grant a runner-0
            returned a
              drain runner-0 because it returns every call
              boot runner-1
            attached 1
              welcome runner-1
              grant a runner-1
            finished 0
              destroy runner-0
        "#]],
    );
}

#[test]
fn a_runner_that_ends_a_call_now_and_then_may_return_others() {
    check(
        "max=1 concurrency=2",
        "
        checkout a
        checkout b
        attached 0
        returned a
        returned a
        ended b
        returned a
        returned a
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
            returned a
              grant a runner-0
            returned a
              grant a runner-0
            ended b
            returned a
              grant a runner-0
            returned a
              grant a runner-0
            counts
              1 running, 1 ready
        "#]],
    );
}

#[test]
fn returned_work_whose_patience_for_the_queue_is_over_is_rejected() {
    check(
        "max=1 concurrency=1",
        "
        checkout a deadline=1m queue=3s
        attached 0
        wait 5s
        returned a
        ",
        &expect![[r#"
            begin
            checkout a deadline=1m queue=3s
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            wait 5s
            returned a
              reject a: no slot in time
        "#]],
    );
}
