//! The life of a child process, as its backend tells it.

use flame_core::backend::{Backend, BootError, ExitKind, ParentText};
use flame_local::ChildProcess;
use flame_local::child_process::StartError;
use flame_testkit::boot_request;

use crate::shell::{run, shell, soon};

#[tokio::test]
async fn an_exit_code_is_reported_to_everybody_who_asks_before_or_after_the_end() {
    let backend = shell("exit 7");
    let request = boot_request();
    backend.create(&request).await.unwrap();

    let (first, second) =
        soon(async { tokio::join!(backend.ended(&request.name), backend.ended(&request.name)) })
            .await;
    let afterwards = soon(backend.ended(&request.name)).await;

    for report in [first, second, afterwards] {
        assert_eq!(report.how, ExitKind::Code(7));
    }
}

#[tokio::test]
async fn a_signal_is_reported_as_one() {
    let report = run(&shell("kill -SEGV $$"), &boot_request()).await;
    assert_eq!(report.how, ExitKind::Signal(11));
}

#[tokio::test]
async fn the_last_lines_of_standard_error_are_reported() {
    let script = r"for n in 1 2 3 4 5; do echo line $n >&2; done; printf 'no \377 newline' >&2";
    let report = run(&shell(script).stderr_lines(3), &boot_request()).await;
    assert_eq!(
        report.stderr_tail,
        ["line 4", "line 5", "no \u{fffd} newline"]
    );
}

#[tokio::test]
async fn the_text_of_the_parent_comes_through_standard_input_after_its_length() {
    let mut request = boot_request();
    request.parent = ParentText::new("hello");

    let report = run(&shell("head -c 9 | od -An -c >&2"), &request).await;

    assert_eq!(
        report.stderr_tail,
        [r"  \0  \0  \0 005   h   e   l   l   o"]
    );
}

#[tokio::test]
async fn the_text_of_the_parent_is_in_nobodys_environment() {
    let mut request = boot_request();
    request.parent = ParentText::new("the-token-of-a-parent");

    // Counted, not printed: the rest of the environment is nobody's business either.
    let count = |text| format!("grep -ac {text} /proc/self/environ >&2;");
    let backend = shell(&(count("FLAME_LIFELINE=") + &count("the-token-of-a-parent")));
    let report = run(&backend, &request).await;

    assert_eq!(report.stderr_tail, ["1", "0"]);
}

#[tokio::test]
async fn variables_of_the_pool_go_over_those_of_the_backend_and_those_over_the_parents() {
    let mut request = boot_request();
    request.env.insert("FROM_BOTH".into(), "pool".into());
    let backend = shell("echo \"$FROM_BOTH $FROM_BACKEND ${HOME-none}\" >&2")
        .env("FROM_BOTH", "backend")
        .env("FROM_BACKEND", "backend")
        .env_remove("HOME");

    let report = run(&backend, &request).await;

    assert_eq!(report.stderr_tail, ["pool backend none"]);
}

#[tokio::test]
async fn a_program_that_is_not_there_is_rejected_by_name() {
    let backend = ChildProcess::new().program("/nowhere/at-all");
    let request = boot_request();

    let error = backend.create(&request).await.unwrap_err();

    let BootError::Rejected { source } = error else {
        panic!("a missing file will still be missing later: {error:?}");
    };
    let Some(StartError::Spawn(spawn)) = source.downcast_ref() else {
        panic!("not a typed source: {source:?}");
    };
    assert_eq!(spawn.to_string(), "could not start /nowhere/at-all");
    assert_eq!(spawn.source.raw_os_error(), Some(2));
    assert_eq!(
        soon(backend.ended(&request.name)).await.how,
        ExitKind::Unknown
    );
}

#[tokio::test]
async fn a_file_that_may_not_be_executed_is_rejected() {
    let backend = ChildProcess::new().program("/etc/passwd");
    let error = backend.create(&boot_request()).await.unwrap_err();
    assert!(!error.is_transient(), "{error:?}");
}

#[tokio::test]
async fn arguments_that_are_too_long_are_rejected() {
    let backend = ChildProcess::new()
        .program("/bin/sh")
        .args(["x".repeat(8 << 20)]);
    let error = backend.create(&boot_request()).await.unwrap_err();
    assert!(!error.is_transient(), "{error:?}");
}

#[tokio::test]
async fn a_text_that_does_not_fit_into_the_pipe_is_rejected_and_nothing_starts() {
    let backend = shell("exit 0");
    let mut request = boot_request();
    request.parent = ParentText::new("x".repeat(100_000));

    let error = backend.create(&request).await.unwrap_err();

    assert!(!error.is_transient(), "{error:?}");
    assert_eq!(
        soon(backend.ended(&request.name)).await.how,
        ExitKind::Unknown
    );
}

#[tokio::test]
async fn nothing_that_may_be_a_secret_is_shown() {
    let backend = ChildProcess::new()
        .args(["--password", "secret-argument"])
        .env("API_KEY", "secret-value");
    let shown = format!("{backend:?}");
    assert!(shown.contains("API_KEY"));
    assert!(!shown.contains("secret"), "{shown}");
}
