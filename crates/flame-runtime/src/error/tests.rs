//! What the guide's chapter on errors says is what is printed, and it leaves none out.

use std::collections::BTreeSet;
use std::fmt::{Debug, Display, Write as _};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use expect_test::expect_file;
use flame_core::PoolName;
use flame_core::backend::{BootError, ExitKind, ExitReport};
use flame_core::pool::PoolLimits;
use flame_task::PanicReport;

use super::{BootCause, BootFailure, CallError, LossReason, ResidentError, RunnerLost, StartError};

const CHAPTER: &str = include_str!("../../../flame/src/guide/errors.md");
const TASK: &str = "app::thumbnails";
const RUNNER: &str = "pictures-237b32dc6fadf76b-0 (pid 2143)";
const INSTANCE: &str = "pictures-237b32dc6fadf76b-0";

/// `UPDATE_EXPECT=1 cargo test -p flame-runtime` writes it anew.
#[test]
fn the_guide_prints_every_error_as_the_code_does() {
    let mut printed = String::from(
        "# What they print\n\nOne example of each, as a test finds them. Names, numbers and times differ.\n",
    );
    let mut calls = not_started();
    calls.extend(started());
    write_all(&mut printed, "CallError", &calls, include_str!("call.rs"));
    write_all(
        &mut printed,
        "LossReason",
        &losses(),
        include_str!("lost.rs"),
    );
    write_all(
        &mut printed,
        "ResidentError",
        &residents(),
        include_str!("resident.rs"),
    );
    let causes: Vec<BootCause> = causes();
    let failures: Vec<Named> = causes.into_iter().map(Named::of).collect();
    write_all(
        &mut printed,
        "BootCause",
        &failures,
        include_str!("boot.rs"),
    );
    let backend = include_str!("../../../flame-core/src/backend.rs");
    write_all(&mut printed, "BootError", &backends(), backend);
    write_all(
        &mut printed,
        "StartError",
        &starts(),
        include_str!("start.rs"),
    );
    expect_file!["../../../flame/src/guide/errors_printed.md"].assert_eq(&printed);
}

/// The texts of one type. Each of its variants is among them, and the chapter says what to do about it.
fn write_all<E: Debug + Display>(printed: &mut String, name: &str, errors: &[E], source: &str) {
    write!(printed, "\n## `{name}`\n\n| | |\n|---|---|\n").unwrap();
    let mut shown = BTreeSet::new();
    for error in errors {
        let debug = format!("{error:?}");
        let variant = debug.split([' ', '(', '{']).next().unwrap().to_owned();
        assert!(
            CHAPTER.contains(&format!("`{variant}`")),
            "the chapter does not say what to do about {name}::{variant}"
        );
        let text = error.to_string();
        let text = text.replace('|', "\\|").replace('<', "\\<");
        writeln!(printed, "| `{variant}` | {text} |").unwrap();
        shown.insert(variant);
    }
    assert_eq!(shown, variants(name, source), "of {name}");
}

/// The variants of a type, as its source has them.
fn variants(name: &str, source: &str) -> BTreeSet<String> {
    let head = format!("pub enum {name} {{\n");
    let body = source.split_once(&head).unwrap().1;
    let body = body.split_once("\n}\n").unwrap().0;
    let is_variant = |line: &&str| {
        line.strip_prefix("    ")
            .is_some_and(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
    };
    let word = |line: &str| {
        line.trim()
            .split([' ', '(', '{', ','])
            .next()
            .unwrap()
            .to_owned()
    };
    body.lines().filter(is_variant).map(word).collect()
}

fn not_started() -> Vec<CallError> {
    let task = TASK;
    vec![
        CallError::QueueFull { limit: 10_000 },
        CallError::QueueTimeout {
            waited: Duration::from_secs(5),
        },
        CallError::BootFailed(exited(ExitKind::Code(1))),
        CallError::PoolNotStarted(StartError::NoMax {
            pool: "pictures".into(),
        }),
        CallError::PoolShutdown,
        CallError::Resident {
            task,
            error: ResidentError::Gone,
        },
        CallError::EncodeArgs {
            task,
            message: "a key must be a string".into(),
        },
        CallError::PayloadTooLarge {
            size: 1 << 31,
            limit: 1 << 30,
        },
        CallError::NotRepeatable { task },
        CallError::UnknownTask {
            task,
            message: "it is not in the table of this binary".into(),
        },
        CallError::DecodeArgs {
            task,
            message: "missing field `width`".into(),
        },
        CallError::NotProvided {
            task,
            type_name: "app::Store".into(),
        },
    ]
}

fn started() -> Vec<CallError> {
    let task = TASK;
    let panic = PanicReport {
        message: "index out of bounds".into(),
        location: Some("src/work.rs:12:9".into()),
        backtrace: None,
    };
    let lost = RunnerLost {
        runner: RUNNER.into(),
        task,
        reason: killed(),
    };
    vec![
        CallError::Panicked {
            task,
            runner: RUNNER.into(),
            panic,
        },
        CallError::StartFailed {
            child: "app::Counter",
            message: "no such table".into(),
        },
        CallError::ChildFailed {
            child: "app::Counter",
            message: "no such table".into(),
        },
        CallError::EncodeResult {
            task,
            message: "a key must be a string".into(),
        },
        CallError::ResultTooLarge {
            size: 1 << 31,
            limit: 1 << 30,
        },
        CallError::DecodeResult {
            task,
            message: "missing field `width`".into(),
        },
        CallError::DeadlineExceeded {
            task,
            after: Duration::from_secs(30),
        },
        CallError::RunnerLost(lost),
        CallError::Cancelled { task },
    ]
}

fn losses() -> Vec<LossReason> {
    vec![
        killed(),
        LossReason::Exited(ExitReport {
            how: ExitKind::OutOfMemory,
            stderr_tail: vec!["decoding page 812".into()],
        }),
        LossReason::SessionClosed,
        LossReason::Silent {
            after: Duration::from_secs(10),
        },
        LossReason::Protocol("it sent a result of a call that it was not given".into()),
        LossReason::Poisoned,
    ]
}

fn residents() -> Vec<ResidentError> {
    vec![
        ResidentError::Gone,
        ResidentError::SeveralRunners,
        ResidentError::OtherPool,
    ]
}

fn causes() -> Vec<BootCause> {
    let missing = io::Error::new(io::ErrorKind::NotFound, "No such file or directory");
    let report = |how| ExitReport {
        how,
        stderr_tail: vec!["Error: no database".into()],
    };
    vec![
        BootCause::Backend(Arc::new(BootError::Rejected {
            source: missing.into(),
        })),
        BootCause::Exited(report(ExitKind::Code(1))),
        BootCause::Exited(ExitReport {
            how: ExitKind::NeverStarted,
            stderr_tail: vec!["the image cannot be pulled".into()],
        }),
        BootCause::TimedOut {
            after: Duration::from_secs(30),
        },
        BootCause::BuildMismatch {
            ours: "link:4be1".into(),
            theirs: "link:09c7".into(),
        },
        BootCause::VersionMismatch,
    ]
}

fn backends() -> Vec<BootError> {
    vec![
        BootError::no_capacity(),
        BootError::rate_limited(None),
        BootError::Unavailable {
            source: "connection refused".into(),
        },
        BootError::Rejected {
            source: "no such image".into(),
        },
    ]
}

fn starts() -> Vec<StartError> {
    let invalid_name = "Pictures".parse::<PoolName>().unwrap_err();
    let limits = PoolLimits::new(1).unwrap().with_min(2).unwrap_err();
    let config = figment::Error::from("unknown field: found `maximum`".to_owned());
    let io = |kind, text| Arc::new(io::Error::new(kind, text));
    vec![
        StartError::Name(invalid_name),
        StartError::NoMax {
            pool: "pictures".into(),
        },
        StartError::Limits(limits),
        StartError::Config(Arc::new(config)),
        StartError::UnknownBackend {
            name: "moon".into(),
            known: "child_process, in_process".into(),
        },
        StartError::NoBackend,
        StartError::Secret {
            pool: "payments".into(),
            name: "PAYMENT_KEY".into(),
            problem: "this process has no variable of that name",
        },
        StartError::Backend(Arc::new(io::Error::other("no token for Fly"))),
        StartError::NoParentAddress {
            backend: "moon".into(),
        },
        StartError::NotAdvertised {
            listen: ([0, 0, 0, 0], 7400).into(),
        },
        StartError::Listen(io(io::ErrorKind::AddrInUse, "address in use")),
        StartError::Hooks(io(io::ErrorKind::WouldBlock, "no more threads")),
        StartError::TooDeep { limit: 3 },
        StartError::NotServing {
            pool: "pictures".into(),
        },
        StartError::Boot(exited(ExitKind::Code(1))),
    ]
}

fn killed() -> LossReason {
    LossReason::Exited(ExitReport {
        how: ExitKind::Signal(9),
        stderr_tail: Vec::new(),
    })
}

fn exited(how: ExitKind) -> BootFailure {
    let report = ExitReport {
        how,
        stderr_tail: vec!["Error: no database".into()],
    };
    BootFailure::new(INSTANCE, BootCause::Exited(report))
}

/// A cause, printed as the failure that it belongs to.
struct Named {
    variant: String,
    failure: BootFailure,
}

impl Named {
    fn of(cause: BootCause) -> Self {
        Self {
            variant: format!("{cause:?}"),
            failure: BootFailure::new(INSTANCE, cause),
        }
    }
}

impl Debug for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.variant)
    }
}

impl Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Display::fmt(&self.failure, f)
    }
}
