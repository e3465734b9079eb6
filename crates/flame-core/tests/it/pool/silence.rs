//! Runners that are not heard any more, and what a pool thinks of that.

use expect_test::expect;

use super::check;

#[test]
fn when_all_runners_are_silent_the_pool_suspects_its_own_link_and_boots_pause() {
    check(
        "max=3 min=3 backoff=1s",
        "
        attached 0
        attached 1
        attached 2
        wait 1s
        silent 0
        silent 2
        silent 1
        wait 2s
        ",
        &expect![[r#"
            begin
              boot runner-0
              boot runner-1
              boot runner-2
            attached 0
              welcome runner-0
            attached 1
              welcome runner-1
            attached 2
              welcome runner-2
            wait 1s
            silent 0
              destroy runner-0
              boot runner-3
            silent 2
              destroy runner-2
              boot runner-4
            silent 1
              destroy runner-1
              suspect the own link
            wait 2s
            at 2.239s: end of the pause
              boot runner-5
        "#]],
    );
}

#[test]
fn one_that_is_silent_is_replaced_at_once() {
    check(
        "max=1 min=1 backoff=1s",
        "
        attached 0
        silent 0
        attached 1
        silent 1
        ",
        &expect![[r#"
            begin
              boot runner-0
            attached 0
              welcome runner-0
            silent 0
              destroy runner-0
              boot runner-1
            attached 1
              welcome runner-1
            silent 1
              destroy runner-1
        "#]],
    );
}

#[test]
fn where_another_one_is_heard_the_link_is_not_suspected() {
    check(
        "max=3 min=3 backoff=1s",
        "
        attached 0
        attached 1
        attached 2
        silent 0
        silent 1
        lost 2
        attached 3
        silent 3
        ",
        &expect![[r#"
            begin
              boot runner-0
              boot runner-1
              boot runner-2
            attached 0
              welcome runner-0
            attached 1
              welcome runner-1
            attached 2
              welcome runner-2
            silent 0
              destroy runner-0
              boot runner-3
            silent 1
              destroy runner-1
              boot runner-4
            lost 2
              destroy runner-2
              boot runner-5
            attached 3
              welcome runner-3
            silent 3
              destroy runner-3
        "#]],
    );
}

#[test]
fn runners_that_are_silent_at_different_times_have_their_own_reasons() {
    check(
        "max=2 min=2 backoff=1s boot=5m",
        "
        attached 0
        attached 1
        silent 0
        wait 31s
        silent 1
        ",
        &expect![[r#"
            begin
              boot runner-0
              boot runner-1
            attached 0
              welcome runner-0
            attached 1
              welcome runner-1
            silent 0
              destroy runner-0
              boot runner-2
            wait 31s
            silent 1
              destroy runner-1
              boot runner-3
        "#]],
    );
}
