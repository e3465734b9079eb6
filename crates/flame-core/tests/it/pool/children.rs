//! Children: work that lives on after its caller has its answer to whether it began.

use expect_test::expect;

use super::check;

#[test]
fn a_child_that_lives_has_no_deadline() {
    check(
        "max=1 concurrency=1",
        "
        checkout a child deadline=10s
        attached 0
        accepted a
        wait 60m
        counts
        ended a
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a child deadline=10s
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            accepted a
            wait 60m
            counts
              1 running, 1 ready
            ended a
            outcomes
              Child: 1 came, 1 returned
        "#]],
    );
}

#[test]
fn a_child_that_does_not_begin_in_time_is_cancelled() {
    check(
        "max=1 concurrency=1",
        "
        checkout a child deadline=10s
        attached 0
        wait 10s
        accepted a
        cancelled a
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a child deadline=10s
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            wait 10s
            at 10s: deadline of a
              expire a
              cancel a on runner-0: deadline
            accepted a
              ignored
            cancelled a
            outcomes
              Child: 1 came, 1 expired
        "#]],
    );
}

#[test]
fn a_child_that_lives_is_never_begun_again() {
    check(
        "max=2 concurrency=1",
        "
        checkout a child retries=3
        attached 0
        lost 0
        attached 1
        accepted a
        lost 1
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a child retries=3
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
            accepted a
            lost 1
              lose a on runner-1
              destroy runner-1
            outcomes
              Child: 1 came, 1 lost, 1 tried again
        "#]],
    );
}

#[test]
fn a_call_cannot_be_accepted() {
    check(
        "max=1 concurrency=1",
        "
        checkout a deadline=10s
        attached 0
        accepted a
        wait 10s
        ",
        &expect![[r#"
            begin
            checkout a deadline=10s
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            accepted a
              ignored
            wait 10s
            at 10s: deadline of a
              expire a
              cancel a on runner-0: deadline
        "#]],
    );
}

#[test]
fn a_child_begins_its_life_once() {
    check(
        "max=1 concurrency=1",
        "
        checkout a child deadline=10s
        accepted a
        attached 0
        accepted a
        accepted a
        ended a
        accepted a
        ",
        &expect![[r#"
            begin
            checkout a child deadline=10s
              boot runner-0
            accepted a
              ignored
            attached 0
              welcome runner-0
              grant a runner-0
            accepted a
            accepted a
              ignored
            ended a
            accepted a
              ignored
        "#]],
    );
}
