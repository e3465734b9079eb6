//! What a copy writes to its standard error: passed on line by line, the last lines kept.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, PipeReader, Read, Write};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::table::builder;

/// Longer lines are passed on in pieces of this many bytes, each of which counts as a line in the tail.
const LONGEST_LINE: u64 = 8 * 1024;

/// How long the end of a copy waits for the rest of its standard error.
///
/// The end of file follows the death of the group at once, unless a process that has left the group
/// keeps the pipe open.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(200);

/// Reads one copy's standard error, on a thread of its own, until the end of file.
pub(super) struct StderrReader {
    tail: Arc<Tail>,
    /// Disconnected when the reading has ended. Nothing is ever sent.
    reading: Receiver<()>,
}

struct Tail {
    lines: Mutex<VecDeque<String>>,
    kept: usize,
}

impl StderrReader {
    /// Starts to read.
    pub(super) fn start(stderr: PipeReader, kept: usize) -> io::Result<Self> {
        let tail = Arc::new(Tail {
            lines: Mutex::default(),
            kept,
        });
        let (still_reading, reading) = mpsc::channel();
        let keeper = Arc::clone(&tail);
        builder("flame-stderr").spawn(move || {
            pass_on(BufReader::new(stderr), &keeper);
            drop(still_reading);
        })?;
        Ok(Self { tail, reading })
    }

    /// The last lines, oldest first. Waits a little for what is still on its way.
    pub(super) fn into_tail(self) -> Vec<String> {
        let _ = self.reading.recv_timeout(DRAIN_TIMEOUT);
        self.tail.lines()
    }
}

impl Tail {
    fn keep(&self, line: &[u8]) {
        if self.kept == 0 {
            return;
        }
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == self.kept {
            lines.pop_front();
        }
        lines.push_back(String::from_utf8_lossy(line).into_owned());
    }

    fn lines(&self) -> Vec<String> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().cloned().collect()
    }
}

/// Passes every byte on. A line is one write, so that lines of several copies do not mix.
fn pass_on(mut stderr: BufReader<PipeReader>, tail: &Tail) {
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut stderr)
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)
        {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        tail.keep(&line);
        // The copy must not block because this process's own standard error is closed.
        let _ = io::stderr().write_all(&line);
    }
}
