//! What instances write, as it reaches whoever asked for them.

use std::sync::mpsc::{self, Receiver};

use flame_core::backend::{Backend, BootRequest, ExitKind, OutputSink, OutputStream};
use flame_testkit::boot_request;

use crate::shell::{PATIENCE, run, shell, soon};

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    stream: OutputStream,
    text: String,
    goes_on: bool,
}

fn line(stream: OutputStream, text: &str) -> Line {
    Line {
        stream,
        text: text.to_owned(),
        goes_on: false,
    }
}

/// A request whose instance is listened to.
fn heard() -> (BootRequest, Receiver<Line>) {
    let (told, lines) = mpsc::channel();
    let output = OutputSink::new(move |line| {
        let line = Line {
            stream: line.stream,
            text: line.text().into_owned(),
            goes_on: line.goes_on,
        };
        // The test may have heard enough.
        let _ = told.send(line);
    });
    let request = BootRequest {
        output,
        ..boot_request()
    };
    (request, lines)
}

#[tokio::test]
async fn both_streams_arrive_line_by_line_and_those_of_child_processes_too() {
    let (request, lines) = heard();
    let script = "echo out; echo err >&2; sh -c 'echo child; echo child failed >&2'; printf end";

    run(&shell(script), &request).await;

    // Each stream keeps its order. Between the two there is none.
    let mut lines: Vec<_> = lines.try_iter().collect();
    lines.sort_by_key(|line| line.stream);
    assert_eq!(
        lines,
        [
            line(OutputStream::Stdout, "out"),
            line(OutputStream::Stdout, "child"),
            line(OutputStream::Stdout, "end"),
            line(OutputStream::Stderr, "err"),
            line(OutputStream::Stderr, "child failed"),
        ]
    );
}

#[tokio::test]
async fn a_line_arrives_while_the_instance_lives() {
    let (request, lines) = heard();
    let backend = shell("echo booted; cat > /dev/null");
    backend.create(&request).await.unwrap();

    let first = lines.recv_timeout(PATIENCE).unwrap();

    assert_eq!(first, line(OutputStream::Stdout, "booted"));
    soon(backend.destroy(&request.name)).await.unwrap();
}

#[tokio::test]
async fn a_line_without_an_end_arrives_in_pieces_that_say_so() {
    let (request, lines) = heard();
    run(&shell("printf '%20000s' x"), &request).await;
    let goes_on: Vec<_> = lines.try_iter().map(|line| line.goes_on).collect();
    assert_eq!(goes_on, [true, true, false]);
}

#[tokio::test]
async fn whoever_takes_the_lines_and_panics_neither_blocks_nor_ends_the_instance() {
    // Far more than a pipe holds.
    let script = "yes a line of words that nobody will ever read | head -n 20000; exit 7";
    let request = BootRequest {
        // A panic of which the hook does not hear.
        output: OutputSink::new(|_| std::panic::resume_unwind(Box::new("no room"))),
        ..boot_request()
    };
    let report = run(&shell(script), &request).await;
    assert_eq!(report.how, ExitKind::Code(7));
}
