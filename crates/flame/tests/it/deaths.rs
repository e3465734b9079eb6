use rustix::process::Signal;

use crate::processes::{eventually, freeze, is_alive, signal};
use crate::scenarios;

#[tokio::test]
async fn a_killed_parent_leaves_no_runner_even_one_that_does_not_stop() {
    let mut parent = scenarios::start("holds_a_runner");
    let runner = parent.says_number("booted:");
    assert!(is_alive(runner));
    parent.kill();
    eventually("the runner is gone", || !is_alive(runner)).await;
}

#[tokio::test]
async fn a_killed_parent_leaves_nothing_of_what_tasks_have_started() {
    let mut parent = scenarios::start("holds_a_runner");
    let grandchild = parent.says_number("grandchild:");
    parent.says("booted:");
    assert!(is_alive(grandchild));
    parent.kill();
    eventually("the grandchild is gone", || !is_alive(grandchild)).await;
}

/// The parent is frozen, as one that dies in the moment in which its runner ends is no help either.
#[tokio::test]
async fn a_runner_that_ends_in_order_leaves_nothing_that_its_parent_would_have_to_end() {
    let parent = scenarios::start("holds_an_idle_runner");
    let grandchild = parent.says_number("grandchild:");
    let runner = parent.says_number("booted:");
    assert!(is_alive(grandchild));
    freeze(parent.pid()).await;
    signal(runner, Signal::TERM);
    eventually("the grandchild is gone", || !is_alive(grandchild)).await;
}

#[tokio::test]
async fn a_killed_parent_leaves_no_copy_that_has_not_come_to_serve() {
    let mut parent = scenarios::start("boots_for_ever");
    let copy = parent.says_number("booting:");
    assert!(is_alive(copy));
    parent.kill();
    eventually("the copy is gone", || !is_alive(copy)).await;
}
