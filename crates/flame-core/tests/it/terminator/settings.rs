//! What happens when the parent changes its runner's settings.

use expect_test::expect;

use super::check;

#[test]
fn more_slots_take_more_work() {
    check(
        "concurrency=1",
        "
        attached
        call 1
        call 2
        settings 2 30s 5s
        call 3
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            call 2
              refuse call-2: full
            settings 2 30s 5s
            call 3
              start call-3
        "#]],
    );
}

#[test]
fn fewer_slots_leave_running_work_alone() {
    check(
        "concurrency=3",
        "
        attached
        call 1
        call 2
        call 3
        settings 1 30s 5s
        ended 1
        call 4
        ended 2
        ended 3
        call 5
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            call 2
              start call-2
            call 3
              start call-3
            settings 1 30s 5s
            ended 1
            call 4
              refuse call-4: full
            ended 2
            ended 3
            call 5
              start call-5
        "#]],
    );
}

#[test]
fn the_loss_of_the_parent_goes_by_the_latest_settings() {
    check(
        "shutdown=30s grace=5s",
        "
        attached
        call 1 detached
        settings 2 10s 2s
        lost
        wait 12s
        ",
        &expect![[r#"
            attached
            call 1 detached
              start call-1
            settings 2 10s 2s
            lost
            wait 12s
            at 10s: work timeout
              cancel call-1
            at 12s: end of the grace
              exit the process with 65
        "#]],
    );
}

#[test]
fn a_drain_that_has_begun_keeps_its_time() {
    check(
        "grace=5s",
        "
        attached
        call 1
        drain 30s
        settings 2 1s 1s
        wait 40s
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            drain 30s
              announce draining
            settings 2 1s 1s
            wait 40s
            at 30s: work timeout
              cancel call-1
            at 31s: end of the grace
              say goodbye
              stop with 0
            at 32s: failsafe
              exit the process with 0
        "#]],
    );
}

#[test]
fn work_that_was_cancelled_before_keeps_its_grace() {
    check(
        "grace=10s",
        "
        attached
        call 1
        call 2
        drain 30s
        cancel 1
        settings 2 30s 1s
        cancel 2
        wait 20s
        ",
        &expect![[r#"
            attached
            call 1
              start call-1
            call 2
              start call-2
            drain 30s
              announce draining
            cancel 1
              cancel call-1
            settings 2 30s 1s
            cancel 2
              cancel call-2
            wait 20s
            at 10s: end of the grace
              say goodbye
              stop with 0
            at 11s: failsafe
              exit the process with 0
        "#]],
    );
}
