//! Whether a runner agrees to go.

use expect_test::expect;

use super::check;

#[test]
fn a_runner_without_work_agrees() {
    check(
        "",
        "
        attached
        idle?
        wait 5m
        idle?
        ",
        &expect![[r#"
            attached
            idle?
              answer idle
            wait 5m
            idle?
              answer idle
        "#]],
    );
}

#[test]
fn a_runner_with_work_does_not() {
    check(
        "",
        "
        attached
        call 1
        idle?
        ended 1
        idle?
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            idle?
              answer busy
            ended 1
            idle?
              answer idle
        "#]],
    );
}

#[test]
fn a_runner_with_left_values_does_not() {
    check(
        "",
        "
        attached
        residents 2
        idle?
        residents 1
        idle?
        residents 0
        idle?
        ",
        &expect![[r#"
            attached
            residents 2
            idle?
              answer busy
            residents 1
            idle?
              answer busy
            residents 0
            idle?
              answer idle
        "#]],
    );
}

#[test]
fn a_runner_that_agreed_still_takes_work() {
    check(
        "",
        "
        attached
        idle?
        call 1
        idle?
        ",
        &expect![[r#"
            attached
            idle?
              answer idle
            call 1
              start call-1
            idle?
              answer busy
        "#]],
    );
}

#[test]
fn a_runner_that_is_not_at_work_does_not_agree() {
    check(
        "",
        "
        idle?
        attached
        call 1
        drain 30s
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
        "#]],
    );
}
