use flame::{OutputLine, OutputSink, OutputStream};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::task::spawn_blocking;

/// The longest piece of a line.
const LONGEST: usize = 8192;
/// How many of the last lines tell of an end.
const TAIL: usize = 20;

/// Hands over what an instance writes, to the end, and returns the last lines.
pub(crate) async fn forward(
    from: impl AsyncRead + Unpin,
    stream: OutputStream,
    sink: &OutputSink,
) -> Vec<String> {
    let mut from = BufReader::new(from);
    let mut tail = Vec::new();
    loop {
        let mut bytes = Vec::new();
        let mut piece = (&mut from).take(LONGEST as u64);
        match piece.read_until(b'\n', &mut bytes).await {
            Ok(0) | Err(_) => return tail,
            Ok(_) => {}
        }
        let sink = sink.clone();
        // It may block until somebody has read the line.
        let taken = spawn_blocking(move || {
            let goes_on = bytes.len() == LONGEST && !bytes.ends_with(b"\n");
            let line = OutputLine {
                stream,
                bytes: &bytes,
                goes_on,
            };
            sink.take(line);
            line.text().into_owned()
        });
        tail.extend(taken.await);
        if tail.len() > TAIL {
            tail.remove(0);
        }
    }
}
