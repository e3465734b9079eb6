//! The user's own check whether a runner may go.

use expect_test::expect;

use super::check;

#[test]
fn the_users_check_decides() {
    check(
        "idle-check",
        "
        attached
        idle?
        checked idle
        idle?
        checked busy
        ",
        &expect![[r#"
            attached
            idle?
              run the idle check
            checked idle
              answer idle
            idle?
              run the idle check
            checked busy
              answer busy
        "#]],
    );
}

#[test]
fn a_runner_with_work_or_values_does_not_bother_the_user() {
    check(
        "idle-check",
        "
        attached
        call 1
        idle?
        ended 1
        residents 1
        idle?
        residents 0
        idle?
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            idle?
              answer busy
            ended 1
            residents 1
            idle?
              answer busy
            residents 0
            idle?
              run the idle check
        "#]],
    );
}

#[test]
fn a_call_that_comes_meanwhile_makes_the_answer_busy_at_once() {
    check(
        "idle-check",
        "
        attached
        idle?
        call 1
        ended 1
        checked idle
        ",
        &expect![[r#"
            attached
            idle?
              run the idle check
            call 1
              answer busy
              start call-1
            ended 1
            checked idle
        "#]],
    );
}

#[test]
fn values_that_are_left_meanwhile_make_the_answer_busy() {
    check(
        "idle-check",
        "
        attached
        idle?
        residents 1
        checked idle
        ",
        &expect![[r#"
            attached
            idle?
              run the idle check
            residents 1
            checked idle
              answer busy
        "#]],
    );
}

#[test]
fn a_call_that_is_refused_meanwhile_changes_nothing() {
    check(
        "idle-check concurrency=0",
        "
        attached
        idle?
        call 1
        checked idle
        ",
        &expect![[r#"
            attached
            idle?
              run the idle check
            call 1
              refuse call-1: full
            checked idle
              answer idle
        "#]],
    );
}

#[test]
fn a_check_answers_whatever_was_asked_since_it_began() {
    check(
        "idle-check",
        "
        attached
        idle?
        idle?
        checked idle
        checked idle
        ",
        &expect![[r#"
            attached
            idle?
              run the idle check
            idle?
            checked idle
              answer idle
              answer idle
            checked idle
        "#]],
    );
}

#[test]
fn a_check_that_counts_no_more_is_not_joined_by_a_second_one() {
    check(
        "idle-check",
        "
        attached
        idle?
        call 1
        ended 1
        idle?
        checked idle
        idle?
        checked idle
        ",
        &expect![[r#"
            attached
            idle?
              run the idle check
            call 1
              answer busy
              start call-1
            ended 1
            idle?
              answer busy
            checked idle
            idle?
              run the idle check
            checked idle
              answer idle
        "#]],
    );
}

#[test]
fn a_drain_makes_the_check_moot() {
    check(
        "idle-check",
        "
        attached
        idle?
        drain 30s
        checked idle
        ",
        &expect![[r#"
            attached
            idle?
              run the idle check
            drain 30s
              answer busy
              announce draining
              say goodbye
              stop with 0
            checked idle
        "#]],
    );
}

#[test]
fn the_loss_of_the_parent_makes_the_check_moot() {
    check(
        "idle-check",
        "
        attached
        idle?
        lost
        checked idle
        ",
        &expect![[r#"
            attached
            idle?
              run the idle check
            lost
              answer busy
              stop with 65
            checked idle
        "#]],
    );
}

#[test]
fn a_runner_that_leaves_or_has_no_parent_does_not_ask_the_user() {
    check(
        "idle-check",
        "
        idle?
        attached
        call 1
        drain 30s
        idle?
        ended 1
        idle?
        ",
        &expect![[r#"
            idle?
              answer busy
            attached
            call 1
              start call-1
            drain 30s
              announce draining
            idle?
              answer busy
            ended 1
              say goodbye
              stop with 0
            idle?
              answer busy
        "#]],
    );
}

#[test]
fn a_result_that_nobody_asked_for_is_no_answer() {
    check(
        "idle-check",
        "
        attached
        checked idle
        ",
        &expect![[r#"
            attached
            checked idle
        "#]],
    );
}
