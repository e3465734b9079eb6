use std::{fmt, io};

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

/// What the shell says first, and then its process id. Start-up files may say something before.
pub(crate) const HELLO: &str = "flame-runner ";
/// The most that they may say, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Why there is no shell that can be told anything.
#[derive(Debug)]
pub(crate) enum GreetingError {
    /// What it says came to its end.
    Ended,
    /// Something else is said, and said, and said.
    TooLong,
    /// It does not say its process id.
    NoProcessId,
    /// It cannot be heard.
    Unheard(io::Error),
}

/// Reads past whatever start-up files say. Returns the shell's process id.
pub(crate) async fn greeted(
    stdout: &mut (impl AsyncBufRead + Unpin),
) -> Result<u32, GreetingError> {
    let mut stdout = stdout.take(LONGEST);
    let mut line = Vec::new();
    loop {
        line.clear();
        // Start-up files need not write in UTF-8.
        let read = stdout.read_until(b'\n', &mut line).await;
        read.map_err(GreetingError::Unheard)?;
        if !line.ends_with(b"\n") {
            return Err(match stdout.limit() {
                0 => GreetingError::TooLong,
                _ => GreetingError::Ended,
            });
        }
        if let Some(pid) = line.strip_prefix(HELLO.as_bytes()) {
            let pid = String::from_utf8_lossy(pid).trim().parse();
            return pid.map_err(|_| GreetingError::NoProcessId);
        }
    }
}

impl fmt::Display for GreetingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ended => f.write_str("no shell"),
            Self::TooLong => write!(f, "no shell within the first {LONGEST} bytes"),
            Self::NoProcessId => f.write_str("the shell does not say its process id"),
            Self::Unheard(error) => write!(f, "the shell cannot be heard: {error}"),
        }
    }
}

impl std::error::Error for GreetingError {}

#[cfg(test)]
mod tests {
    use tokio::io::{BufReader, repeat};

    use super::*;

    #[tokio::test]
    async fn what_start_up_files_say_is_passed_over_and_what_follows_is_left() {
        let said = b"\xffwelcome\nno flame-runner 1\nflame-runner 4711\nthe runner's own\n";
        let mut rest = &said[..];
        assert_eq!(greeted(&mut rest).await.unwrap(), 4711);
        assert_eq!(rest, b"the runner's own\n");
    }

    #[tokio::test]
    async fn who_says_no_hello_is_not_heard_for_ever() {
        let mut endless = BufReader::new(repeat(b'x'));
        let error = greeted(&mut endless).await.unwrap_err();
        assert!(matches!(error, GreetingError::TooLong), "{error}");
        let lines = "x\n".repeat(100_000);
        let error = greeted(&mut lines.as_bytes()).await.unwrap_err();
        assert!(matches!(error, GreetingError::TooLong), "{error}");
        for (said, expected) in [
            ("welcome\n", "no shell"),
            ("flame-runner 47", "no shell"),
            ("flame-runner x\n", "the shell does not say its process id"),
        ] {
            let error = greeted(&mut said.as_bytes()).await.unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
    }
}
