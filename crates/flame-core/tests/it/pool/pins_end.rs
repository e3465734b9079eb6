//! Callers that need values which another call has left, when those, their runner or their pool go.

use expect_test::expect;

use super::check;

#[test]
fn whoever_needs_lost_values_was_not_started_and_is_told() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        ended a leaving values
        checkout b pin=a retries=3
        checkout c pin=a
        lost 0
        checkout d pin=a
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
            checkout b pin=a retries=3
              grant b runner-0
            checkout c pin=a
            lost 0
              lose what a left on runner-0
              lose b on runner-0
              destroy runner-0
              reject c: values gone
            checkout d pin=a
              reject d: values gone
            outcomes
              Call: 4 came, 1 returned, 2 rejected, 1 lost
        "#]],
    );
}

#[test]
fn values_on_a_runner_that_drains_cannot_be_used_any_more() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        ended a leaving values
        checkout b pin=a
        checkout c pin=a
        draining 0
        returned b
        checkout d pin=a
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
            draining 0
              reject c: values gone
            returned b
              reject b: values gone
            checkout d pin=a
              reject d: values gone
        "#]],
    );
}

#[test]
fn released_values_are_there_for_the_call_that_works_with_them() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        ended a leaving values
        checkout b pin=a
        checkout c pin=a
        released a
        counts
        checkout d
        ended b
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
            released a
              reject c: values gone
            counts
              1 running, 1 ready
            checkout d
            ended b
              grant d runner-0
        "#]],
    );
}

#[test]
fn values_left_by_a_call_in_the_slot_of_others_share_it() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        ended a leaving values
        checkout b pin=a
        ended b leaving values
        checkout c pin=b
        checkout d pin=a
        counts
        released a
        ended c
        checkout e
        released b
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
            ended b leaving values
            checkout c pin=b
              grant c runner-0
            checkout d pin=a
            counts
              1 queued, 1 pinned, 1 running, 2 residents, 1 ready
            released a
              reject d: values gone
            ended c
            checkout e
            released b
              grant e runner-0
        "#]],
    );
}

#[test]
fn a_returned_call_waits_for_its_values_again() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        ended a leaving values
        checkout b pin=a
        checkout c pin=a
        returned b
        ended b
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
            returned b
              grant b runner-0
            ended b
              grant c runner-0
        "#]],
    );
}

#[test]
fn a_single_use_runner_serves_what_needs_its_values() {
    check(
        "max=1 single-use",
        "
        checkout a
        attached 0
        ended a leaving values
        checkout b pin=a
        released a
        ended b
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
            released a
            ended b
              drain runner-0 after its one call
        "#]],
    );
}

#[test]
fn a_boot_that_is_hopeless_is_no_news_for_whoever_needs_values() {
    check(
        "max=2 single-use",
        "
        checkout a
        attached 0
        ended a leaving values
        checkout b pin=a
        checkout c pin=a
        checkout d
        failed 1 for good
        counts
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
            checkout d
              boot runner-1
            failed 1 for good
              destroy runner-1
              reject d: boots fail
            counts
              1 queued, 1 pinned, 1 running, 1 residents, 1 ready, 1 reaping
        "#]],
    );
}

#[test]
fn a_pool_that_drains_serves_whoever_waits_for_values() {
    check(
        "max=1 concurrency=1 shutdown=30s grace=5s",
        "
        checkout a
        attached 0
        ended a leaving values
        checkout b pin=a
        checkout c pin=a
        drain
        ended b
        ended c
        wait 35s
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
            drain
            ended b
              grant c runner-0
            ended c
              drain runner-0 because the pool shuts down
            wait 35s
            at 30s: drain timeout of runner-0
            at 35s: end of the drain grace of runner-0
              lose what a left on runner-0
              destroy runner-0
        "#]],
    );
}

#[test]
fn a_shutdown_turns_away_whoever_waits_for_values() {
    check(
        "max=1 concurrency=1",
        "
        checkout a
        attached 0
        ended a leaving values
        checkout b pin=a
        checkout c pin=a
        shutdown
        ended b
        released a
        finished 0
        destroyed 0
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
            shutdown
              reject c: shutdown
              drain runner-0 because the pool shuts down
            ended b
            released a
            finished 0
              destroy runner-0
            destroyed 0
              confirm shutdown
        "#]],
    );
}

#[test]
fn a_pool_that_drains_waits_for_whoever_needs_values_even_if_nobody_runs() {
    check(
        "max=1 concurrency=1 grace=5s",
        "
        checkout a
        attached 0
        ended a leaving values
        checkout b pin=a
        checkout c pin=a
        gone b
        drain
        cancelled b
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
            gone b
              cancel b on runner-0: caller gone
            drain
            cancelled b
              grant c runner-0
            ended c
              drain runner-0 because the pool shuts down
        "#]],
    );
}
