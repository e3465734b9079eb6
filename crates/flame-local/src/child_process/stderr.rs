//! What a copy writes to its standard error: passed on line by line, the last lines kept.

mod tail;

use std::io::{self, BufRead, BufReader, PipeReader, Read, Write};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::table::builder;
use tail::Tail;

/// Longer lines are passed on in pieces of this many bytes, each of which counts as a line in the tail.
const LONGEST_LINE: u64 = 8 * 1024;

/// How long the end of a copy waits for the rest of its standard error.
///
/// The end of file follows the death of the group at once, unless a process that has left the group
/// keeps the pipe open.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(200);

/// Reads one copy's standard error, on a thread of its own, until the end of file.
pub(super) struct StderrReader {
    tail: Arc<Mutex<Tail>>,
    /// Disconnected when the reading has ended. Nothing is ever sent.
    reading: Receiver<()>,
}

impl StderrReader {
    /// Starts to read.
    pub(super) fn start(stderr: PipeReader, kept: usize) -> io::Result<Self> {
        let tail = Arc::new(Mutex::new(Tail::of(kept)));
        let (still_reading, reading) = mpsc::channel();
        let keeper = Arc::clone(&tail);
        builder("flame-stderr").spawn(move || {
            pass_on(BufReader::new(stderr), &mut io::stderr(), &keeper);
            drop(still_reading);
        })?;
        Ok(Self { tail, reading })
    }

    /// The lines that were kept, oldest first. Waits a little for what is still on its way.
    pub(super) fn into_tail(self) -> Vec<String> {
        let _ = self.reading.recv_timeout(DRAIN_TIMEOUT);
        lock(&self.tail).lines()
    }
}

/// Passes every byte on. A line is one write, so that lines of several copies do not mix.
fn pass_on(mut stderr: impl BufRead, own_stderr: &mut impl Write, tail: &Mutex<Tail>) {
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
        lock(tail).keep(&line);
        // The copy must not block because this process's own standard error is closed.
        let _ = own_stderr.write_all(&line);
    }
}

fn lock(tail: &Mutex<Tail>) -> MutexGuard<'_, Tail> {
    // Nothing that changes it can panic half way.
    tail.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_passed_on() {
        let mut written = b"text\r\n\xff\0\n\n".to_vec();
        written.extend_from_slice(&[b'x'; 20_000]);

        let (passed_on, _) = read(&written, 20);

        assert!(passed_on == written);
    }

    #[test]
    fn the_last_lines_are_kept_without_their_ends() {
        let (_, lines) = read(b"one\ntwo\r\n\nthree \xff", 3);
        assert_eq!(lines, ["two", "", "three \u{fffd}"]);
    }

    #[test]
    fn a_long_line_is_kept_in_pieces() {
        let (_, lines) = read(&[b'x'; 20_000], 20);
        let lengths: Vec<usize> = lines.iter().map(String::len).collect();
        assert_eq!(lengths, [8192, 8192, 3616]);
    }

    #[test]
    fn nothing_is_kept_if_nothing_is_wanted() {
        let (passed_on, lines) = read(b"one\n", 0);
        assert_eq!(passed_on, b"one\n");
        assert!(lines.is_empty());
    }

    fn read(written: &[u8], kept: usize) -> (Vec<u8>, Vec<String>) {
        let tail = Mutex::new(Tail::of(kept));
        let mut passed_on = Vec::new();
        pass_on(written, &mut passed_on, &tail);
        let lines = lock(&tail).lines();
        (passed_on, lines)
    }
}
