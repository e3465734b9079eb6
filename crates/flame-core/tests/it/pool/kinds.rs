//! How callers are counted.

use expect_test::expect;

use super::check;

#[test]
fn each_kind_is_counted_apart() {
    check(
        "max=1 concurrency=9",
        "
        checkout a
        checkout b cast
        checkout c child
        attached 0
        checkout d cast
        checkout e cast
        checkout f child
        ended a
        failed b to return
        refused c
        cancelled d
        gone e
        lost 0
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b cast
            checkout c child
            attached 0
              welcome runner-0
              grant a runner-0
              grant b runner-0
              grant c runner-0
            checkout d cast
              grant d runner-0
            checkout e cast
              grant e runner-0
            checkout f child
              grant f runner-0
            ended a
            failed b to return
            refused c
            cancelled d
            gone e
              cancel e on runner-0: caller gone
            lost 0
              lose f on runner-0
              destroy runner-0
            outcomes
              Call: 1 came, 1 returned
              Cast: 3 came, 1 failed, 1 cancelled, 1 left
              Child: 2 came, 1 not started, 1 lost
        "#]],
    );
}

#[test]
fn who_is_not_served_is_counted_by_its_kind() {
    check(
        "max=1 concurrency=1 queue=2",
        "
        checkout a
        attached 0
        checkout b cast queue=1s
        checkout c child deadline=2s
        checkout d cast
        wait 2s
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            checkout b cast queue=1s
            checkout c child deadline=2s
            checkout d cast
              reject d: the queue is full
            wait 2s
            at 1s: queue deadline of b
              reject b: no slot in time
            at 2s: deadline of c
              reject c: no slot in time
            outcomes
              Call: 1 came
              Cast: 2 came, 2 rejected
              Child: 1 came, 1 rejected
        "#]],
    );
}

#[test]
fn an_end_that_nobody_waits_for_is_counted_once() {
    check(
        "max=1 concurrency=1",
        "
        checkout a cast deadline=1s
        attached 0
        wait 1s
        cancelled a
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a cast deadline=1s
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            wait 1s
            at 1s: deadline of a
              expire a
              cancel a on runner-0: deadline
            cancelled a
            outcomes
              Cast: 1 came, 1 expired
        "#]],
    );
}

#[test]
fn a_shutdown_counts_who_it_cancels() {
    check(
        "max=1 concurrency=1 shutdown=30s",
        "
        checkout a child
        checkout b cast
        attached 0
        shutdown
        wait 30s
        ended a
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a child
              boot runner-0
            checkout b cast
            attached 0
              welcome runner-0
              grant a runner-0
            shutdown
              reject b: shutdown
              drain runner-0 because the pool shuts down
            wait 30s
            at 30s: drain timeout of runner-0
              cancel a on runner-0: shutdown
            ended a
            outcomes
              Cast: 1 came, 1 rejected
              Child: 1 came, 1 cancelled
        "#]],
    );
}
