use std::fmt;
use std::time::Duration;

use flame_task::PanicReport;

use super::{BootFailure, ResidentError, RunnerLost, StartError};

/// Why a call gave no result.
///
/// The task's own `Err` is not here: it is the inner `Result` of a call to a fallible task, hence `.await??`.
/// Every error answers two questions: [`outcome`](Self::outcome), what is known of the work, and
/// [`is_retryable`](Self::is_retryable), whether the same call may be made again without doing anything twice.
/// Its text names every cause, and so it has no [`source`](std::error::Error::source).
///
/// ```
/// # use flame_runtime as flame;
/// use flame::{CallError, Outcome};
///
/// /// Whether to make the call once more. `is_idempotent` tasks may run twice.
/// fn again(error: &CallError, is_idempotent: bool) -> bool {
///     match error.outcome() {
///         Outcome::NotStarted => error.is_retryable(),
///         Outcome::Unknown => is_idempotent,
///         Outcome::Done => false,
///     }
/// }
///
/// assert!(again(&CallError::QueueFull { limit: 10_000 }, false));
/// assert!(!again(&CallError::PoolShutdown, true));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CallError {
    /// Too many callers wait already.
    QueueFull {
        /// The limit, `max_queue`.
        limit: usize,
    },
    /// No slot came free in time: the call's `timeout` or its `queue_timeout` passed while it waited.
    QueueTimeout {
        /// How long the call waited.
        waited: Duration,
    },
    /// No runner could be started.
    BootFailed(BootFailure),
    /// The pool could not be started.
    PoolNotStarted(StartError),
    /// The pool is shutting down.
    PoolShutdown,
    /// The task needs a value that was left on a runner, and cannot get at it.
    Resident {
        /// The task.
        task: &'static str,
        /// Why not.
        error: ResidentError,
    },
    /// The arguments could not be encoded.
    EncodeArgs {
        /// The task.
        task: &'static str,
        /// The encoder's words.
        message: String,
    },
    /// The arguments are larger than the limit.
    PayloadTooLarge {
        /// Their size in bytes.
        size: u64,
        /// The limit in bytes, `max_payload`.
        limit: u64,
    },
    /// The call takes an end of a channel along, which is gone after the first try, and was made `idempotent`.
    NotRepeatable {
        /// The task.
        task: &'static str,
    },
    /// The runner has no such task.
    UnknownTask {
        /// The task.
        task: &'static str,
        /// What the runner said.
        message: String,
    },
    /// The runner could not decode the arguments.
    DecodeArgs {
        /// The task.
        task: &'static str,
        /// The decoder's words.
        message: String,
    },
    /// The task asks for a value that the runner's `main` did not pass to `flame::provide`.
    NotProvided {
        /// The task.
        task: &'static str,
        /// The type of the missing value.
        type_name: String,
    },
    /// The task panicked.
    Panicked {
        /// The task.
        task: &'static str,
        /// Where it ran.
        runner: String,
        /// What the runner saw.
        panic: PanicReport,
    },
    /// The [`Actor`](crate::Actor) could not start.
    StartFailed {
        /// The actor.
        child: &'static str,
        /// The words of its error.
        message: String,
    },
    /// The [`Actor`](crate::Actor) could not go on: a message failed.
    ChildFailed {
        /// The actor.
        child: &'static str,
        /// The words of its error.
        message: String,
    },
    /// The task ran to its end, and its result could not be encoded.
    EncodeResult {
        /// The task.
        task: &'static str,
        /// The encoder's words.
        message: String,
    },
    /// The task ran to its end, and its result is larger than the limit.
    ResultTooLarge {
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes, `max_payload`.
        limit: u64,
    },
    /// The task ran to its end, and its result could not be decoded here.
    DecodeResult {
        /// The task.
        task: &'static str,
        /// The decoder's words.
        message: String,
    },
    /// The deadline passed while the task was running. It was told to stop.
    DeadlineExceeded {
        /// The task.
        task: &'static str,
        /// How long the call took, waiting and running together.
        after: Duration,
    },
    /// The runner went away while the task may have been running.
    RunnerLost(RunnerLost),
    /// The task was running and was cancelled, by a shutdown of the pool or on the runner.
    Cancelled {
        /// The task.
        task: &'static str,
    },
}

/// What is known of the work of a failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No line of the task ran.
    NotStarted,
    /// The task may have run wholly, partly or not at all.
    Unknown,
    /// The task ran and ended; only its result is missing.
    Done,
}

impl CallError {
    /// What is known of the work.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::QueueFull { .. }
            | Self::QueueTimeout { .. }
            | Self::BootFailed(_)
            | Self::PoolNotStarted(_)
            | Self::PoolShutdown
            | Self::Resident { .. }
            | Self::EncodeArgs { .. }
            | Self::PayloadTooLarge { .. }
            | Self::NotRepeatable { .. }
            | Self::UnknownTask { .. }
            | Self::DecodeArgs { .. }
            | Self::NotProvided { .. } => Outcome::NotStarted,
            Self::Panicked { .. }
            | Self::StartFailed { .. }
            | Self::ChildFailed { .. }
            | Self::EncodeResult { .. }
            | Self::ResultTooLarge { .. }
            | Self::DecodeResult { .. } => Outcome::Done,
            Self::DeadlineExceeded { .. } | Self::RunnerLost(_) | Self::Cancelled { .. } => {
                Outcome::Unknown
            }
        }
    }

    /// Whether the same call may be made again and has a chance: no line of it ran, and the cause may pass.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::QueueFull { .. } | Self::QueueTimeout { .. } => true,
            Self::BootFailed(failure) => failure.is_transient(),
            Self::PoolNotStarted(_)
            | Self::PoolShutdown
            | Self::Resident { .. }
            | Self::EncodeArgs { .. }
            | Self::PayloadTooLarge { .. }
            | Self::NotRepeatable { .. }
            | Self::UnknownTask { .. }
            | Self::DecodeArgs { .. }
            | Self::NotProvided { .. }
            | Self::Panicked { .. }
            | Self::StartFailed { .. }
            | Self::ChildFailed { .. }
            | Self::EncodeResult { .. }
            | Self::ResultTooLarge { .. }
            | Self::DecodeResult { .. }
            | Self::DeadlineExceeded { .. }
            | Self::RunnerLost(_)
            | Self::Cancelled { .. } => false,
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::QueueFull { limit } => {
                write!(f, "the queue is full: {limit} callers wait already")
            }
            Self::QueueTimeout { waited } => write!(f, "no slot came free within {waited:?}"),
            Self::BootFailed(failure) => write!(f, "no runner could be started: {failure}"),
            Self::PoolNotStarted(error) => write!(f, "the pool could not be started: {error}"),
            Self::PoolShutdown => f.write_str("the pool is shutting down"),
            Self::Resident { task, error } => {
                write!(f, "{task} needs a value that was left on a runner: {error}")
            }
            Self::EncodeArgs { task, message } => {
                write!(f, "the arguments of {task} could not be encoded: {message}")
            }
            Self::PayloadTooLarge { size, limit } => {
                write!(
                    f,
                    "the arguments have {size} bytes, which is more than the limit of {limit}"
                )
            }
            Self::NotRepeatable { task } => write!(
                f,
                "{task} takes an end of a channel along, so it cannot be begun again: leave out `.idempotent(..)`"
            ),
            Self::UnknownTask { task, message } => {
                write!(f, "the runner does not know {task}: {message}")
            }
            Self::DecodeArgs { task, message } => {
                write!(
                    f,
                    "the runner could not decode the arguments of {task}: {message}"
                )
            }
            Self::NotProvided { task, type_name } => write!(
                f,
                "{task} needs a value of type {type_name}, which the runner's main did not pass to \
                 flame::provide before runner.serve()"
            ),
            Self::Panicked {
                task,
                runner,
                panic,
            } => write!(f, "{task} panicked on {runner}: {panic}"),
            Self::StartFailed { child, message } => write!(f, "{child} could not start: {message}"),
            Self::ChildFailed { child, message } => write!(f, "{child} could not go on: {message}"),
            Self::EncodeResult { task, message } => {
                write!(f, "the result of {task} could not be encoded: {message}")
            }
            Self::ResultTooLarge { size, limit } => {
                write!(
                    f,
                    "the result has {size} bytes, which is more than the limit of {limit}"
                )
            }
            Self::DecodeResult { task, message } => {
                write!(f, "the result of {task} could not be decoded: {message}")
            }
            Self::DeadlineExceeded { task, after } => {
                write!(
                    f,
                    "{task} was still running at its deadline, {after:?} after the call"
                )
            }
            Self::RunnerLost(lost) => lost.fmt(f),
            Self::Cancelled { task } => write!(f, "{task} was cancelled"),
        }
    }
}

// The causes are part of the text above, so they are not named a second time as `source`.
impl std::error::Error for CallError {}
