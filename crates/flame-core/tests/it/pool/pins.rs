//! Callers that need values which another call has left.

use expect_test::expect;

use super::check;

#[test]
fn a_call_runs_in_the_slot_of_the_values_that_it_needs() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        ended a leaving values
        checkout b
        checkout c pin=a
        counts
        ended c
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
            checkout c pin=a
              grant c runner-0
            counts
              1 queued, 1 running, 1 residents, 1 ready
            ended c
            released a
              grant b runner-0
        "#]],
    );
}

#[test]
fn one_call_at_a_time_is_in_the_slot_and_the_next_waits_for_it() {
    check(
        "max=2 concurrency=1",
        "
        checkout a
        attached 0
        ended a leaving values
        checkout b pin=a
        checkout c pin=a
        checkout d pin=a
        counts
        ended b
        ended c
        ended d
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a leaving values
            checkout b pin=a
              grant b runner-0
            checkout c pin=a
            checkout d pin=a
            counts
              2 queued, 2 pinned, 1 running, 1 residents, 1 ready
            ended b
              grant c runner-0
            ended c
              grant d runner-0
            ended d
        "#]],
    );
}

#[test]
fn a_second_call_takes_a_free_slot_of_the_same_runner() {
    check(
        "max=2 concurrency=2",
        "
        checkout a
        attached 0
        ended a leaving values
        checkout b pin=a
        checkout c pin=a
        counts
        ended b
        ended c
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a leaving values
            checkout b pin=a
              grant b runner-0
            checkout c pin=a
              grant c runner-0
            counts
              2 running, 1 residents, 1 ready
            ended b
            ended c
        "#]],
    );
}

#[test]
fn a_free_slot_is_for_whoever_came_first() {
    check(
        "max=1 concurrency=2",
        "
        checkout a
        checkout b
        attached 0
        ended a leaving values
        checkout c pin=a
        checkout d
        checkout e pin=a
        ended b
        ended d
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
            checkout c pin=a
              grant c runner-0
            checkout d
            checkout e pin=a
            ended b
              grant d runner-0
            ended d
              grant e runner-0
        "#]],
    );
}

#[test]
fn whoever_needs_values_boots_nothing() {
    check(
        "max=5 concurrency=1 idle=10s",
        "
        checkout a
        attached 0
        ended a leaving values
        checkout b pin=a
        checkout c pin=a
        checkout d pin=a
        counts
        wait 60m
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a leaving values
            checkout b pin=a
              grant b runner-0
            checkout c pin=a
            checkout d pin=a
            counts
              2 queued, 2 pinned, 1 running, 1 residents, 1 ready
            wait 60m
        "#]],
    );
}

#[test]
fn patience_ends_in_that_queue_too() {
    check(
        "max=1 concurrency=1 grace=5s",
        "
        checkout a
        attached 0
        ended a leaving values
        checkout b pin=a
        checkout c pin=a queue=3s
        checkout d pin=a deadline=4s
        checkout e pin=a
        gone e
        wait 5s
        counts
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a leaving values
            checkout b pin=a
              grant b runner-0
            checkout c pin=a queue=3s
            checkout d pin=a deadline=4s
            checkout e pin=a
            gone e
            wait 5s
            at 3s: queue deadline of c
              reject c: no slot in time
            at 4s: deadline of d
              reject d: no slot in time
            counts
              1 running, 1 residents, 1 ready
            outcomes
              Call: 5 came, 1 returned, 2 rejected, 1 left
        "#]],
    );
}

#[test]
fn those_who_need_values_have_a_queue_of_their_own_size() {
    check(
        "max=1 concurrency=1 queue=1",
        "
        checkout a
        attached 0
        ended a leaving values
        checkout b
        checkout c pin=a
        checkout d pin=a
        checkout e pin=a
        checkout f
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
            checkout c pin=a
              grant c runner-0
            checkout d pin=a
            checkout e pin=a
              reject e: the queue is full
            checkout f
              reject f: the queue is full
        "#]],
    );
}

#[test]
fn values_that_were_never_left_cannot_be_needed() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        checkout b pin=a
        checkout c pin=c
        checkout d pin=z
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            checkout b pin=a
              reject b: values gone
            checkout c pin=c
              reject c: values gone
            checkout d pin=z
              reject d: values gone
        "#]],
    );
}

#[test]
fn whoever_needs_values_does_not_bring_back_the_minimum() {
    check(
        "max=3 min=2 concurrency=1 idle=10s min-idle=20s",
        "
        attached 0
        attached 1
        checkout a
        ended a leaving values
        wait 20s
        idle 1
        finished 1
        destroyed 1
        checkout b pin=a
        checkout c
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
            ended a leaving values
            wait 20s
            at 20s: idle check
              ask runner-1 to go
            idle 1
              drain runner-1 for want of work
            finished 1
              destroy runner-1
            destroyed 1
            checkout b pin=a
              grant b runner-0
            checkout c
              boot runner-2
        "#]],
    );
}
