//! Work that does not begin again, and callers who wait for another try.

use expect_test::expect;

use super::check;

#[test]
fn boots_that_cannot_succeed_tell_of_the_loss() {
    check(
        "max=1 concurrency=1",
        "
        checkout a retries=1
        checkout b
        attached 0
        lost 0
        failed 1 for good
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a retries=1
              boot runner-0
            checkout b
            attached 0
              welcome runner-0
              grant a runner-0
            lost 0
              try a again, lost on runner-0
              destroy runner-0
              boot runner-1
            failed 1 for good
              destroy runner-1
              lose a on runner-0
              reject b: boots fail
            outcomes
              Call: 2 came, 1 rejected, 1 lost, 1 tried again
        "#]],
    );
}

#[test]
fn who_left_or_ran_out_of_time_does_not_begin_again() {
    check(
        "max=1 concurrency=2",
        "
        checkout a retries=1
        checkout b retries=1 deadline=1s
        attached 0
        gone a
        wait 1s
        lost 0
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a retries=1
              boot runner-0
            checkout b retries=1 deadline=1s
            attached 0
              welcome runner-0
              grant a runner-0
              grant b runner-0
            gone a
              cancel a on runner-0: caller gone
            wait 1s
            at 1s: deadline of b
              expire b
              cancel b on runner-0: deadline
            lost 0
              destroy runner-0
            outcomes
              Call: 2 came, 1 expired, 1 left
        "#]],
    );
}

#[test]
fn work_that_was_told_to_end_does_not_begin_again() {
    check(
        "max=1 concurrency=1 shutdown=30s grace=5s",
        "
        checkout a retries=1
        attached 0
        draining 0
        wait 35s
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a retries=1
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            draining 0
            wait 35s
            at 30s: drain timeout of runner-0
              cancel a on runner-0: drain timeout
            at 35s: end of the drain grace of runner-0
              lose a on runner-0
              destroy runner-0
            outcomes
              Call: 1 came, 1 lost
        "#]],
    );
}

#[test]
fn neighbors_of_stuck_work_begin_again_elsewhere() {
    check(
        "max=2 concurrency=2 grace=5s shutdown=30s",
        "
        checkout a
        checkout b retries=1
        attached 0
        gone a
        wait 35s
        attached 1
        ended b
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b retries=1
            attached 0
              welcome runner-0
              grant a runner-0
              grant b runner-0
            gone a
              cancel a on runner-0: caller gone
            wait 35s
            at 5s: end of the grace of a
            at 35s: poison timeout of runner-0
              try b again, lost on runner-0
              destroy runner-0
              boot runner-1
            attached 1
              welcome runner-1
              grant b runner-1
            ended b
            outcomes
              Call: 2 came, 1 returned, 1 left, 1 tried again
        "#]],
    );
}

#[test]
fn who_waits_for_another_try_may_leave() {
    check(
        "max=1 concurrency=1",
        "
        checkout a retries=1
        attached 0
        lost 0
        gone a
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a retries=1
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            lost 0
              try a again, lost on runner-0
              destroy runner-0
              boot runner-1
            gone a
              destroy runner-1
            outcomes
              Call: 1 came, 1 left, 1 tried again
        "#]],
    );
}

#[test]
fn who_waits_for_another_try_takes_no_room_from_newcomers() {
    check(
        "max=1 concurrency=1 queue=1",
        "
        checkout a retries=1
        attached 0
        lost 0
        checkout b
        checkout c
        ",
        &expect![[r#"
            begin
            checkout a retries=1
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            lost 0
              try a again, lost on runner-0
              destroy runner-0
              boot runner-1
            checkout b
            checkout c
              reject c: the queue is full
        "#]],
    );
}

#[test]
fn a_refusal_after_a_loss_counts_as_the_loss() {
    check(
        "max=1 concurrency=1",
        "
        checkout a retries=1
        attached 0
        lost 0
        attached 1
        refused a
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a retries=1
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            lost 0
              try a again, lost on runner-0
              destroy runner-0
              boot runner-1
            attached 1
              welcome runner-1
              grant a runner-1
            refused a
            outcomes
              Call: 1 came, 1 lost, 1 tried again
        "#]],
    );
}

#[test]
fn news_of_the_first_try_that_come_late_are_for_the_driver_to_drop() {
    check(
        "max=1 concurrency=1",
        "
        checkout a retries=1
        attached 0
        lost 0
        ended a
        attached 1
        ended a
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a retries=1
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            lost 0
              try a again, lost on runner-0
              destroy runner-0
              boot runner-1
            ended a
              ignored
            attached 1
              welcome runner-1
              grant a runner-1
            ended a
            outcomes
              Call: 1 came, 1 returned, 1 tried again
        "#]],
    );
}
