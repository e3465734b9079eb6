//! How a copy learns who it is, and that its parent is gone.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use flame_core::backend::lifeline::VARIABLE;
use flame_core::backend::{Backend, ExitKind};
use flame_testkit::boot_request;

use crate::alone::this_test_binary;
use crate::shell::{run, shell};

const ACTS_AS_PARENT: &str = "FLAME_TEST_ACTS_AS_PARENT";

/// What a runner compares: the pipe on a descriptor, and the variable.
const IS_A_RUNNER: &str = "[ \"$(stat -L -c %d:%i /proc/self/fd/0)\" = \"$FLAME_LIFELINE\" ]";

#[tokio::test]
async fn the_variable_names_the_pipe_on_standard_input() {
    let report = run(&shell(IS_A_RUNNER), &boot_request()).await;
    assert_eq!(report.how, ExitKind::Code(0));
}

#[tokio::test]
async fn a_process_that_inherits_the_variable_but_not_the_pipe_is_no_runner() {
    let script = format!("test -n \"${VARIABLE}\" && ! sh -c '{IS_A_RUNNER}' < /dev/null");
    let report = run(&shell(&script), &boot_request()).await;
    assert_eq!(report.how, ExitKind::Code(0));
}

#[tokio::test]
async fn what_a_runner_starts_is_no_runner_once_the_lifeline_has_been_moved() {
    // What the runtime does first: the lifeline to another descriptor, /dev/null in its place.
    let script = format!("exec 9<&0 </dev/null; ! sh -c '{IS_A_RUNNER}' 9<&-");
    let report = run(&shell(&script), &boot_request()).await;
    assert_eq!(report.how, ExitKind::Code(0));
}

#[test]
fn a_copy_sees_that_its_parent_was_killed() {
    let mut parent = this_test_binary("lifeline::a_parent_for_the_test_above")
        .env(ACTS_AS_PARENT, "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(parent.stdout.take().unwrap());
    let mut line = String::new();
    // The harness of the parent has begun the line.
    while !line.ends_with("the copy lives\n") {
        line.clear();
        assert_ne!(
            said.read_line(&mut line).unwrap(),
            0,
            "the copy never lived"
        );
    }

    parent.kill().unwrap();
    parent.wait().unwrap();

    // The copy is the only one who still holds the pipe.
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "the copy saw the end\n");
}

/// A parent with one copy, which lives until it is killed. An ordinary run of the tests has no use for
/// one.
#[tokio::test]
async fn a_parent_for_the_test_above() {
    if std::env::var_os(ACTS_AS_PARENT).is_none() {
        return;
    }
    // What it writes would go with its parent, so it writes where its parent does.
    let backend = shell(
        "exec > /proc/$PPID/fd/1; echo the copy lives; cat > /dev/null; echo the copy saw the end",
    );
    let request = boot_request();
    backend.create(&request).await.unwrap();
    let report = backend.ended(&request.name).await;
    panic!("the copy has ended before its parent: {report}");
}
