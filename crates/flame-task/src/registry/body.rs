use std::fmt;
use std::pin::Pin;

use crate::panics::PanicReport;
use crate::wire::Payload;

/// A boxed future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A task that has its arguments and is ready to run.
pub enum Body {
    /// For an async runtime. Dropping it cancels the task. Panics are caught inside.
    Async(BoxFuture<'static, Result<Payload, Fault>>),
    /// For a thread that may block. Panics are caught inside.
    Blocking(Box<dyn FnOnce() -> Result<Payload, Fault> + Send>),
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Async(_) => "Body::Async",
            Self::Blocking(_) => "Body::Blocking",
        })
    }
}

/// Why a task was not started: no line of it ran.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// The arguments do not decode.
    #[error("its arguments do not decode: {0}")]
    DecodeArgs(String),
    /// It asks for a value of this type, and the runner's `main` did not provide one.
    #[error("it asks for `Provided<{0}>`, and nothing of that type was provided before `serve()`")]
    NotProvided(&'static str),
}

/// How a task that was started ended without a result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It panicked.
    #[error("it panicked: {0}")]
    Panicked(PanicReport),
    /// It ran to its end, and its result could not be encoded.
    #[error("its result does not encode: {0}")]
    EncodeResult(String),
}
