//! Work that begins again when its runner is lost.

use expect_test::expect;

use super::check;

#[test]
fn lost_work_begins_again_before_those_who_came_later() {
    check(
        "max=1 concurrency=1",
        "
        checkout a retries=1
        checkout b
        attached 0
        lost 0
        attached 1
        ended a
        ended b
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a retries=1
              boot runner-0
            checkout b
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
            ended a
              grant b runner-1
            ended b
            outcomes
              Call: 2 came, 2 returned, 1 tried again
        "#]],
    );
}

#[test]
fn work_begins_again_only_so_often() {
    check(
        "max=1 concurrency=1",
        "
        checkout a retries=1
        attached 0
        lost 0
        attached 1
        lost 1
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a retries=1
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
            lost 1
              lose a on runner-1
              destroy runner-1
            outcomes
              Call: 1 came, 1 lost, 1 tried again
        "#]],
    );
}

#[test]
fn lost_work_begins_again_at_once_where_there_is_room() {
    check(
        "max=2 min=2 concurrency=1",
        "
        attached 0
        attached 1
        checkout a retries=2
        lost 0
        lost 1
        outcomes
        ",
        &expect![[r#"
            begin
              boot runner-0
              boot runner-1
            attached 0
              welcome runner-0
            attached 1
              welcome runner-1
            checkout a retries=2
              grant a runner-0
            lost 0
              try a again, lost on runner-0
              destroy runner-0
              grant a runner-1
              boot runner-2
            lost 1
              try a again, lost on runner-1
              destroy runner-1
              boot runner-3
            outcomes
              Call: 1 came, 2 tried again
        "#]],
    );
}

#[test]
fn work_that_only_came_back_has_its_tries_left() {
    check(
        "max=1 concurrency=1",
        "
        checkout a retries=1
        attached 0
        returned a
        lost 0
        attached 1
        ended a
        ",
        &expect![[r#"
            begin
            checkout a retries=1
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            returned a
              grant a runner-0
            lost 0
              try a again, lost on runner-0
              destroy runner-0
              boot runner-1
            attached 1
              welcome runner-1
              grant a runner-1
            ended a
        "#]],
    );
}

#[test]
fn a_deadline_is_the_same_for_every_try() {
    check(
        "max=1 concurrency=1",
        "
        checkout a retries=3 deadline=10s
        attached 0
        wait 6s
        lost 0
        attached 1
        wait 4s
        ",
        &expect![[r#"
            begin
            checkout a retries=3 deadline=10s
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            wait 6s
            lost 0
              try a again, lost on runner-0
              destroy runner-0
              boot runner-1
            attached 1
              welcome runner-1
              grant a runner-1
            wait 4s
            at 10s: deadline of a
              expire a
              cancel a on runner-1: deadline
        "#]],
    );
}

#[test]
fn a_deadline_that_passes_before_the_next_try_tells_of_the_loss() {
    check(
        "max=1 concurrency=1",
        "
        checkout a retries=3 deadline=10s
        attached 0
        wait 6s
        lost 0
        wait 4s
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a retries=3 deadline=10s
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            wait 6s
            lost 0
              try a again, lost on runner-0
              destroy runner-0
              boot runner-1
            wait 4s
            at 10s: deadline of a
              lose a on runner-0
              destroy runner-1
            outcomes
              Call: 1 came, 1 lost, 1 tried again
        "#]],
    );
}

#[test]
fn the_patience_for_the_queue_is_over_with_the_first_slot() {
    check(
        "max=1 concurrency=1",
        "
        checkout a retries=1 queue=5s
        attached 0
        wait 10s
        lost 0
        wait 10s
        attached 1
        ",
        &expect![[r#"
            begin
            checkout a retries=1 queue=5s
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            wait 10s
            lost 0
              try a again, lost on runner-0
              destroy runner-0
              boot runner-1
            wait 10s
            attached 1
              welcome runner-1
              grant a runner-1
        "#]],
    );
}

#[test]
fn a_shutdown_tells_of_the_loss() {
    check(
        "max=1 concurrency=1",
        "
        checkout a retries=1
        checkout b
        attached 0
        lost 0
        shutdown
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a retries=1
              boot runner-0
            checkout b
            attached 0
              welcome runner-0
              grant a runner-0
            lost 0
              try a again, lost on runner-0
              destroy runner-0
              boot runner-1
            shutdown
              lose a on runner-0
              reject b: shutdown
              destroy runner-1
            outcomes
              Call: 2 came, 1 rejected, 1 lost, 1 tried again
        "#]],
    );
}

#[test]
fn work_that_is_lost_during_the_shutdown_does_not_begin_again() {
    check(
        "max=1 concurrency=1",
        "
        checkout a retries=1
        attached 0
        shutdown
        lost 0
        outcomes
        ",
        &expect![[r#"
            begin
            checkout a retries=1
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            shutdown
              drain runner-0 because the pool shuts down
            lost 0
              lose a on runner-0
              destroy runner-0
            outcomes
              Call: 1 came, 1 lost
        "#]],
    );
}

#[test]
fn work_begins_again_in_a_pool_that_drains() {
    check(
        "max=1 concurrency=1",
        "
        checkout a retries=1
        attached 0
        drain
        lost 0
        attached 1
        ended a
        ",
        &expect![[r#"
            begin
            checkout a retries=1
              boot runner-0
            attached 0
              welcome runner-0
              grant a runner-0
            drain
            lost 0
              try a again, lost on runner-0
              destroy runner-0
              boot runner-1
            attached 1
              welcome runner-1
              grant a runner-1
            ended a
              drain runner-1 because the pool shuts down
        "#]],
    );
}
