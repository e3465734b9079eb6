use std::io::{BufRead, BufReader};

use crate::processes::{eventually, is_alive};
use crate::scenarios;

#[tokio::test]
async fn a_killed_parent_leaves_no_runner_even_one_that_does_not_stop() {
    let mut parent = scenarios::start("holds_a_runner");
    let mut lines = BufReader::new(parent.stdout.take().unwrap()).lines();
    let runner: u32 = lines
        .find_map(|line| line.unwrap().split_once("booted: ")?.1.parse().ok())
        .unwrap();
    assert!(is_alive(runner));
    parent.kill().unwrap();
    parent.wait().unwrap();
    eventually("the runner is gone", || !is_alive(runner)).await;
}
