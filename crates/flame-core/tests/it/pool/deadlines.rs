//! Patience that ends.

use expect_test::expect;

use super::check;

#[test]
fn a_caller_that_waits_too_long_is_rejected() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        checkout b deadline=10s
        wait 10s
        ended a
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            checkout b deadline=10s
            wait 10s
            at 10s: deadline of b
              reject b: no slot in time
            ended a
        "#]],
    );
}

#[test]
fn the_patience_for_the_queue_ends_before_the_deadline() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        checkout b deadline=10s queue=3s
        wait 10s
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            checkout b deadline=10s queue=3s
            wait 10s
            at 3s: queue deadline of b
              reject b: no slot in time
        "#]],
    );
}

#[test]
fn the_patience_for_the_queue_does_not_bound_the_work() {
    check(
        "max=1 concurrency=1",
        "
        checkout a deadline=1m queue=3s
        attached 0
        wait 59s
        ended a
        ",
        &expect![[r#"
            begin
            checkout a deadline=1m queue=3s
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            wait 59s
            ended a
        "#]],
    );
}

#[test]
fn the_deadline_bounds_waiting_and_working_together() {
    check(
        "max=1 concurrency=1",
        "
        checkout a deadline=20s
        wait 15s
        attached 0
        wait 5s
        counts
        ended a
        counts
        ",
        &expect![[r#"
            begin
            checkout a deadline=20s
              boot runner-0
            wait 15s
            attached 0
              welcome runner-0
              grant a runner-0
            wait 5s
            at 20s: deadline of a
              expire a
              cancel a on runner-0: deadline
            counts
              1 unconfirmed, 1 ready
            ended a
            counts
              1 ready
        "#]],
    );
}

#[test]
fn a_slot_is_not_free_because_a_deadline_has_passed() {
    check(
        "max=1 concurrency=1",
        "
        checkout a deadline=10s
        checkout b
        attached 0
        wait 10s
        ended a
        ",
        &expect![[r#"
            begin
            checkout a deadline=10s
              boot runner-0
            checkout b
            attached 0
              welcome runner-0
              grant a runner-0
            wait 10s
            at 10s: deadline of a
              expire a
              cancel a on runner-0: deadline
            ended a
              grant b runner-0
        "#]],
    );
}

#[test]
fn whoever_comes_after_its_deadline_is_not_served() {
    check(
        "max=1 min=1 concurrency=1",
        "
        attached 0
        checkout a deadline=0s
        counts
        ",
        &expect![[r#"
            begin
              boot runner-0
            attached 0
              welcome runner-0
            checkout a deadline=0s
              reject a: no slot in time
            counts
              1 ready
        "#]],
    );
}

#[test]
fn at_one_instant_the_deadline_comes_before_the_end() {
    check(
        "max=1 concurrency=1",
        "
        checkout a deadline=10s
        attached 0
        wait 9999ms
        late 1ms ended a
        counts
        ",
        &expect![[r#"
            begin
            checkout a deadline=10s
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            wait 9999ms
            late 1ms ended a
              expire a
              cancel a on runner-0: deadline
            counts
              1 ready
        "#]],
    );
}

#[test]
fn a_caller_that_leaves_after_its_deadline_is_not_counted_twice() {
    check(
        "max=1 concurrency=1",
        "
        checkout a deadline=10s
        attached 0
        wait 10s
        gone a
        ended a
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
            gone a
              ignored
            ended a
            counts
              1 ready
        "#]],
    );
}

#[test]
fn whoever_was_told_that_its_deadline_passed_is_not_told_of_the_loss() {
    check(
        "max=1 concurrency=1",
        "
        checkout a deadline=10s
        attached 0
        wait 10s
        lost 0
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
            lost 0
              destroy runner-0
            counts
              1 reaping
        "#]],
    );
}
