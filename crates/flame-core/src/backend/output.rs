//! What instances write, line by line.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// Takes the lines that an instance and its child processes write, for a backend that can read them.
///
/// It may be called from any thread, one at a time or several at once, and it may block for as long as whoever
/// reads in the end: a backend calls it where that holds up nobody but the instance.
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// use flame_core::backend::{OutputLine, OutputSink, OutputStream};
///
/// let lines = Arc::new(Mutex::new(Vec::new()));
/// let heard = lines.clone();
/// let sink = OutputSink::new(move |line| heard.lock().unwrap().push(line.text().into_owned()));
///
/// sink.take(OutputLine { stream: OutputStream::Stdout, bytes: b"booted\n", goes_on: false });
/// assert_eq!(*lines.lock().unwrap(), ["booted"]);
/// ```
#[derive(Clone)]
pub struct OutputSink(Arc<dyn Fn(OutputLine<'_>) + Send + Sync>);

impl OutputSink {
    /// Wraps a function that is called with each line.
    pub fn new(take: impl Fn(OutputLine<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(take))
    }

    /// Takes in the next line.
    pub fn take(&self, line: OutputLine<'_>) {
        (self.0)(line);
    }
}

impl fmt::Debug for OutputSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OutputSink")
    }
}

/// One line, or a piece of one that is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutputLine<'a> {
    /// Where it was written.
    pub stream: OutputStream,
    /// All its bytes, with the end of the line if it has one.
    pub bytes: &'a [u8],
    /// Whether the line is too long and goes on in the next piece.
    pub goes_on: bool,
}

impl<'a> OutputLine<'a> {
    /// The line as text, without its end. What is not UTF-8 is replaced.
    pub fn text(&self) -> Cow<'a, str> {
        let line = self.bytes.strip_suffix(b"\n").unwrap_or(self.bytes);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        String::from_utf8_lossy(line)
    }
}

/// Where an instance writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutputStream {
    /// Its standard output.
    Stdout,
    /// Its standard error.
    Stderr,
}

impl fmt::Display for OutputStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        })
    }
}
