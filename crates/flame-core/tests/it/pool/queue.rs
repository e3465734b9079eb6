//! Who waits, and who goes first.

use expect_test::expect;

use super::check;

#[test]
fn whoever_came_first_is_served_first() {
    check(
        "max=1 concurrency=1",
        "
        checkout c
        checkout a
        checkout b
        attached 0
        ended c
        ended a
        ",
        &expect![[r#"
            begin
            checkout c
              boot runner-0
            checkout a
            checkout b
            attached 0
              welcome runner-0
              grant c runner-0
            ended c
              grant a runner-0
            ended a
              grant b runner-0
        "#]],
    );
}

#[test]
fn whoever_finds_the_queue_full_is_told_at_once() {
    check(
        "max=1 concurrency=1 queue=2",
        "
        checkout a
        checkout b
        checkout c
        attached 0
        checkout d
        checkout e
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
            checkout c
              reject c: the queue is full
            attached 0
              welcome runner-0
              grant a runner-0
            checkout d
            checkout e
              reject e: the queue is full
        "#]],
    );
}

#[test]
fn a_pool_whose_queue_has_no_room_serves_whom_it_can_serve_at_once() {
    check(
        "max=1 min=1 concurrency=1 queue=0",
        "
        attached 0
        checkout a
        checkout b
        ended a
        checkout c
        ",
        &expect![[r#"
            begin
              boot runner-0
            attached 0
              welcome runner-0
            checkout a
              grant a runner-0
            checkout b
              reject b: the queue is full
            ended a
            checkout c
              grant c runner-0
        "#]],
    );
}

#[test]
fn a_caller_that_left_the_queue_leaves_no_trace() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        checkout b deadline=10s
        gone b
        attached 0
        wait 10s
        ended a
        gone b
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b deadline=10s
            gone b
            attached 0
              welcome runner-0
              grant a runner-0
            wait 10s
            ended a
            gone b
              ignored
            counts
              1 ready
        "#]],
    );
}

#[test]
fn a_caller_is_queued_once() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        checkout a
        attached 0
        checkout a
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout a
              ignored
            attached 0
              welcome runner-0
              grant a runner-0
            checkout a
              ignored
            counts
              1 running, 1 ready
        "#]],
    );
}
