//! Boots that nobody needs just now, and perhaps in a moment.

use expect_test::expect;

use super::check;

#[test]
fn a_boot_that_is_needed_again_in_a_moment_is_neither_given_up_nor_repeated() {
    check(
        "max=2 concurrency=1 linger=1s",
        "
        checkout a
        checkout b
        attached 0
        ended a
        wait 900ms
        checkout c
        attached 1
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
              boot runner-1
            attached 0
              welcome runner-0
              grant a runner-0
            ended a
              grant b runner-0
            wait 900ms
            checkout c
            attached 1
              welcome runner-1
              grant c runner-1
        "#]],
    );
}

#[test]
fn a_boot_that_nobody_needs_for_long_enough_is_given_up() {
    check(
        "max=2 concurrency=1 linger=1s",
        "
        checkout a
        checkout b
        gone b
        wait 999ms
        wait 1ms
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
              boot runner-1
            gone b
            wait 999ms
            wait 1ms
            at 1s: end of a boot too many
              destroy runner-1
        "#]],
    );
}

#[test]
fn of_several_boots_each_has_its_own_while() {
    check(
        "max=3 concurrency=1 linger=1s",
        "
        checkout a
        checkout b
        checkout c
        gone c
        wait 600ms
        gone b
        wait 400ms
        wait 600ms
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
              boot runner-1
            checkout c
              boot runner-2
            gone c
            wait 600ms
            gone b
            wait 400ms
            at 1s: end of a boot too many
              destroy runner-2
            wait 600ms
            at 1.6s: end of a boot too many
              destroy runner-1
        "#]],
    );
}

#[test]
fn a_pool_that_drains_keeps_no_boot_in_case_of_need() {
    check(
        "max=2 concurrency=1 linger=1s",
        "
        checkout a
        checkout b
        gone b
        drain
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
              boot runner-1
            gone b
            drain
              destroy runner-1
        "#]],
    );
}

#[test]
fn a_boot_for_which_there_is_no_room_any_more_is_given_up_at_once() {
    check(
        "max=2 concurrency=1 linger=1s",
        "
        checkout a
        checkout b
        now max=1
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
              boot runner-1
            now max=1
              destroy runner-1
        "#]],
    );
}
