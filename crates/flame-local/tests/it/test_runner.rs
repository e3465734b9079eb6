//! A test binary can be a runner, if it contains the test that `flame::test_runner!` writes.

use std::io::{Read, Write};

use flame_core::backend::lifeline;
use flame_core::backend::{Backend, BootError, ExitKind, ParentText};
use flame_local::ChildProcess;
use flame_local::child_process::StartError;
use flame_testkit::{boot_request, conformance};

use crate::shell::run;

/// What the macro writes, with a life that suits these tests: it does what the conformance suite asks,
/// or else exits with the code that it is told as its parent's text.
#[test]
fn flame_test_runner() {
    if std::env::var_os(lifeline::VARIABLE).is_none() {
        return;
    }
    conformance::act_if_told();
    let mut length = [0; lifeline::LENGTH_BYTES];
    std::io::stdin().read_exact(&mut length).unwrap();
    let mut text = vec![0; lifeline::decode_length(length).unwrap()];
    std::io::stdin().read_exact(&mut text).unwrap();
    let code: i32 = String::from_utf8(text).unwrap().parse().unwrap();
    std::process::exit(code);
}

#[tokio::test]
async fn a_copy_of_a_test_binary_runs_nothing_but_the_runner_in_it() {
    let mut request = boot_request();
    request.parent = ParentText::new("77");

    let report = run(&ChildProcess::new(), &request).await;

    assert_eq!(report.how, ExitKind::Code(77));
    assert_eq!(report.stderr_tail, [""; 0]);
}

#[tokio::test]
async fn a_copy_that_has_not_noticed_that_it_is_a_runner_starts_no_copies() {
    // It runs this other test, which is what every test does when a copy runs the tests once more.
    let backend = ChildProcess::new().args([
        "test_runner::is_refused_in_a_copy",
        "--exact",
        "--nocapture",
    ]);
    let report = run(&backend, &boot_request()).await;
    assert_eq!(report.how, ExitKind::Code(0));
    assert_eq!(report.stderr_tail, ["it was refused"]);
}

#[tokio::test]
async fn is_refused_in_a_copy() {
    if std::env::var_os(lifeline::VARIABLE).is_none() {
        return;
    }
    let error = ChildProcess::new()
        .create(&boot_request())
        .await
        .unwrap_err();
    let BootError::Rejected { source } = error else {
        panic!("{error:?}");
    };
    let refusal = source.downcast_ref::<StartError>();
    assert!(
        matches!(refusal, Some(StartError::RunnerNotTaken)),
        "{source}"
    );
    std::io::stderr().write_all(b"it was refused\n").unwrap();
}
