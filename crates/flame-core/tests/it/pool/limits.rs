//! What happens when the owner changes how many runners there may be.

use expect_test::expect;

use super::check;

#[test]
fn a_higher_minimum_is_booted_at_once() {
    check(
        "max=3 min=0",
        "
        now min=2
        attached 0
        now min=1
        counts
        ",
        &expect![[r#"
            begin
            now min=2
              boot runner-0
              boot runner-1
            attached 0
              welcome runner-0
            now min=1
              destroy runner-1
            counts
              1 ready, 1 reaping
        "#]],
    );
}

#[test]
fn a_lower_maximum_sends_the_idle_away_first_and_then_those_with_the_least_work() {
    check(
        "max=3 min=3 concurrency=2 spread",
        "
        attached 0
        attached 1
        attached 2
        checkout a
        checkout b
        checkout c
        checkout d
        ended b
        now min=1 max=2
        checkout e
        checkout f
        now max=1
        ended e
        finished 1
        counts
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
            checkout a
              grant a runner-0
            checkout b
              grant b runner-1
            checkout c
              grant c runner-2
            checkout d
              grant d runner-0
            ended b
            now min=1 max=2
              drain runner-1 because there are too many
            checkout e
              grant e runner-2
            checkout f
            now max=1
              drain runner-0 because there are too many
            ended e
              grant f runner-2
            finished 1
              destroy runner-1
            counts
              4 running, 1 ready, 1 draining, 1 reaping
        "#]],
    );
}

#[test]
fn a_runner_that_goes_for_a_lower_maximum_finishes_what_it_has() {
    check(
        "max=2 concurrency=1 shutdown=30s",
        "
        checkout a
        checkout b
        attached 0
        attached 1
        now max=1
        checkout c
        ended b
        ended a
        finished 0
        destroyed 0
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
            attached 1
              welcome runner-1
              grant b runner-1
            now max=1
              drain runner-0 because there are too many
            checkout c
            ended b
              grant c runner-1
            ended a
            finished 0
              destroy runner-0
            destroyed 0
        "#]],
    );
}

#[test]
fn nothing_boots_until_a_lowered_maximum_has_room() {
    check(
        "max=3 min=3 concurrency=1",
        "
        attached 0
        attached 1
        attached 2
        checkout a
        checkout b
        now min=1 max=1
        lost 1
        counts
        ended a
        finished 0
        counts
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
            checkout a
              grant a runner-0
            checkout b
              grant b runner-1
            now min=1 max=1
              drain runner-2 because there are too many
              drain runner-0 because there are too many
            lost 1
              lose b on runner-1
              destroy runner-1
            counts
              1 running, 2 draining, 1 reaping
            ended a
            finished 0
              destroy runner-0
            counts
              1 draining, 2 reaping
        "#]],
    );
}

#[test]
fn a_boot_under_way_gives_way_to_what_is_on_its_way_out() {
    check(
        "max=3 concurrency=1",
        "
        checkout a
        checkout b
        attached 0
        attached 1
        draining 0
        draining 1
        checkout c
        now max=2
        ended a
        finished 0
        attached 2
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
            attached 1
              welcome runner-1
              grant b runner-1
            draining 0
            draining 1
            checkout c
              boot runner-2
            now max=2
              destroy runner-2
            ended a
            finished 0
              destroy runner-0
              boot runner-3
            attached 2
              refuse runner-2
        "#]],
    );
}

#[test]
fn a_boot_that_a_lower_maximum_has_given_up_is_refused() {
    check(
        "max=2 concurrency=1",
        "
        checkout a
        checkout b
        now max=1
        attached 1
        attached 0
        ended a
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            checkout b
              boot runner-1
            now max=1
              destroy runner-1
            attached 1
              refuse runner-1
            attached 0
              welcome runner-0
              grant a runner-0
            ended a
              grant b runner-0
        "#]],
    );
}

#[test]
fn a_runner_that_was_asked_to_go_may_go_for_a_lower_maximum_meanwhile() {
    check(
        "max=2 min=0 concurrency=1 idle=30s",
        "
        checkout a
        checkout b
        attached 0
        attached 1
        ended a
        ended b
        wait 30s
        now max=1
        idle 0
        idle 1
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
            attached 1
              welcome runner-1
              grant b runner-1
            ended a
            ended b
            wait 30s
            at 30s: idle check
              ask runner-0 to go
              ask runner-1 to go
            now max=1
              drain runner-0 because there are too many
            idle 0
              ignored
            idle 1
              drain runner-1 for want of work
        "#]],
    );
}

#[test]
fn an_answer_comes_too_late_when_the_minimum_has_grown() {
    check(
        "max=2 idle=30s concurrency=1",
        "
        checkout a
        attached 0
        ended a
        wait 30s
        now min=1
        idle 0
        counts
        ",
        &expect![[r#"
            begin
            checkout a
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            ended a
            wait 30s
            at 30s: idle check
              ask runner-0 to go
            now min=1
            idle 0
            counts
              1 ready
        "#]],
    );
}
