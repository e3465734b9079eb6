//! What a copy writes: handed on line by line, the last lines of standard error kept.

mod tail;

use std::io::{self, BufRead, BufReader, PipeReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use flame_core::backend::{OutputLine, OutputSink, OutputStream};

use super::table::builder;
use tail::Tail;

/// Longer lines are handed on in pieces of this many bytes, each of which counts as a line in the tail.
const LONGEST_LINE: usize = 8 * 1024;

/// How long the end of a copy waits for the rest of its output.
///
/// The end of file follows the death of the group at once, unless a process that has left the group
/// keeps the pipe open.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(200);

/// Reads one stream of a copy, on a thread of its own, until the end of file.
struct Reader {
    /// Disconnected when the reading has ended. Nothing is ever sent.
    reading: Receiver<()>,
}

impl Reader {
    fn start(
        pipe: PipeReader,
        stream: OutputStream,
        sink: OutputSink,
        tail: Arc<Mutex<Tail>>,
    ) -> io::Result<Self> {
        let (still_reading, reading) = mpsc::channel();
        builder(thread_name(stream)).spawn(move || {
            hand_on(BufReader::new(pipe), |bytes, goes_on| {
                if stream == OutputStream::Stderr {
                    lock(&tail).keep(bytes);
                }
                take(
                    &sink,
                    OutputLine {
                        stream,
                        bytes,
                        goes_on,
                    },
                );
            });
            drop(still_reading);
        })?;
        Ok(Self { reading })
    }

    /// Waits for what is still on its way.
    fn drain(&self, until: Instant) {
        let patience = until.saturating_duration_since(Instant::now());
        let _ = self.reading.recv_timeout(patience);
    }
}

/// Reads all that one copy writes.
pub(super) struct Output {
    readers: [Reader; 2],
    tail: Arc<Mutex<Tail>>,
}

impl Output {
    /// Starts to read, and keeps so many of the last lines of standard error.
    pub(super) fn read(
        stdout: PipeReader,
        stderr: PipeReader,
        sink: &OutputSink,
        kept: usize,
    ) -> io::Result<Self> {
        let tail = Arc::new(Mutex::new(Tail::of(kept)));
        let start = |pipe, stream| Reader::start(pipe, stream, sink.clone(), Arc::clone(&tail));
        let readers = [
            start(stdout, OutputStream::Stdout)?,
            start(stderr, OutputStream::Stderr)?,
        ];
        Ok(Self { readers, tail })
    }

    /// The lines that were kept, oldest first. Waits a little for what is still on its way.
    pub(super) fn into_tail(self) -> Vec<String> {
        let until = Instant::now() + DRAIN_TIMEOUT;
        for reader in &self.readers {
            reader.drain(until);
        }
        lock(&self.tail).lines()
    }
}

/// Hands every byte on, in lines or, of lines that are too long, in pieces.
fn hand_on(mut pipe: impl BufRead, mut take: impl FnMut(&[u8], bool)) {
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut pipe)
            .take(LONGEST_LINE as u64)
            .read_until(b'\n', &mut line)
        {
            Ok(0) | Err(_) => return,
            Ok(read) => take(&line, read == LONGEST_LINE && !line.ends_with(b"\n")),
        }
    }
}

/// Whatever becomes of the line, the reading goes on: a pipe that nobody reads would stop the copy, and a
/// closed one would end it.
fn take(sink: &OutputSink, line: OutputLine<'_>) {
    if catch_unwind(AssertUnwindSafe(|| sink.take(line))).is_err() {
        tracing::debug!("whoever takes the lines of a runner panicked");
    }
}

fn thread_name(stream: OutputStream) -> &'static str {
    match stream {
        OutputStream::Stdout => "flame-stdout",
        OutputStream::Stderr => "flame-stderr",
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
    fn every_byte_is_handed_on() {
        let mut written = b"text\r\n\xff\0\n\n".to_vec();
        written.extend_from_slice(&[b'x'; 20_000]);

        let pieces = pieces(&written);

        let bytes = pieces.iter().flat_map(|(bytes, _)| bytes).copied();
        assert!(bytes.collect::<Vec<_>>() == written);
    }

    #[test]
    fn the_last_lines_are_kept_without_their_ends() {
        let lines = kept(b"one\ntwo\r\n\nthree \xff", 3);
        assert_eq!(lines, ["two", "", "three \u{fffd}"]);
    }

    #[test]
    fn a_long_line_comes_in_pieces_of_which_all_but_the_last_go_on() {
        let pieces = pieces(&[&[b'x'; 20_000][..], b"\nnext\n"].concat());
        let seen: Vec<_> = pieces
            .iter()
            .map(|(bytes, goes_on)| (bytes.len(), *goes_on))
            .collect();
        assert_eq!(
            seen,
            [(8192, true), (8192, true), (3617, false), (5, false)]
        );
    }

    #[test]
    fn a_line_that_just_fits_does_not_go_on() {
        let mut line = vec![b'x'; LONGEST_LINE - 1];
        line.push(b'\n');
        assert_eq!(pieces(&line), [(line, false)]);
    }

    #[test]
    fn nothing_is_kept_if_nothing_is_wanted() {
        assert!(kept(b"one\n", 0).is_empty());
    }

    #[test]
    fn a_sink_that_panics_gets_the_next_line_all_the_same() {
        let (told, heard) = mpsc::channel();
        let sink = OutputSink::new(move |line| {
            told.send(line.text().into_owned()).unwrap();
            panic!("no room");
        });
        for bytes in [b"one\n", b"two\n"] {
            let stream = OutputStream::Stdout;
            take(
                &sink,
                OutputLine {
                    stream,
                    bytes,
                    goes_on: false,
                },
            );
        }
        assert_eq!(heard.try_iter().collect::<Vec<_>>(), ["one", "two"]);
    }

    fn pieces(written: &[u8]) -> Vec<(Vec<u8>, bool)> {
        let mut pieces = Vec::new();
        hand_on(written, |bytes, goes_on| {
            pieces.push((bytes.to_vec(), goes_on));
        });
        pieces
    }

    fn kept(written: &[u8], count: usize) -> Vec<String> {
        let mut tail = Tail::of(count);
        hand_on(written, |bytes, _| tail.keep(bytes));
        tail.lines()
    }
}
