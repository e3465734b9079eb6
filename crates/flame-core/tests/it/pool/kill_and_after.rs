//! What a pool that was killed still hears.

use expect_test::expect;

use super::check;

#[test]
fn a_second_kill_changes_nothing() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        kill
        kill
        shutdown
        destroyed 0
        kill
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            kill
              cancel a on runner-0: shutdown
              destroy runner-0
            kill
              ignored
            shutdown
              ignored
            destroyed 0
              confirm shutdown
            kill
              ignored
        "#]],
    );
}

#[test]
fn what_is_being_destroyed_goes_on_to_be() {
    check(
        "max=1 concurrency=1 kill=2s",
        "
        checkout a
        attached 0
        lost 0
        kill
        undestroyed 0
        wait 2s
        destroyed 0
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            lost 0
              lose a on runner-0
              destroy runner-0
            kill
            undestroyed 0
            wait 2s
            at 2s: destroy retry of runner-0
              destroy runner-0
            destroyed 0
              confirm shutdown
        "#]],
    );
}

#[test]
fn late_news_after_a_kill_change_nothing() {
    check(
        "max=2 concurrency=1",
        "
        checkout a
        checkout b retries=1
        attached 0
        kill
        ended a
        lost 0
        attached 1
        failed 1
        gone b
        checkout c
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b retries=1
              boot runner-1
            attached 0
              welcome runner-0
              grant a runner-0
            kill
              reject b: shutdown
              cancel a on runner-0: shutdown
              destroy runner-0
              destroy runner-1
            ended a
              ignored
            lost 0
              ignored
            attached 1
              refuse runner-1
            failed 1
              ignored
            gone b
              ignored
            checkout c
              reject c: shutdown
        "#]],
    );
}
