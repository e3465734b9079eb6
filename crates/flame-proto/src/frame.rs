//! What parent and runner say to each other, as checked values.

mod event;
mod feature;
mod port;

pub use event::{Level, RunnerEvent};
pub use feature::{Feature, Features};
pub use port::{PortCloseReason, PortFrame, PortNews};

use std::time::Duration;

use bytes::Bytes;
use flame_core::CallId;
use flame_core::terminator::Link;

/// A frame from the parent to a runner.
#[derive(Clone, Debug, PartialEq)]
pub enum ParentFrame {
    /// The first frame of an accepted session.
    Welcome(Welcome),
    /// The first and only frame of a refused one.
    Reject(Reject),
    /// Start this work.
    Call(Call),
    /// End this work.
    Cancel {
        /// Which work.
        call: CallId,
    },
    /// Does the runner agree to go for want of work?
    ProposeIdle,
    /// Finish within `timeout`, take nothing new, say goodbye.
    Drain {
        /// How long running work may go on.
        timeout: Duration,
    },
    /// From now on the runner keeps to these limits.
    Limits(RunnerLimits),
    /// News for an end of a channel on the runner.
    Port(PortFrame),
    /// The last handle of a value that stays on the runner is gone.
    Release {
        /// The runner's number for the value.
        resident: u64,
    },
    /// The parent lives.
    Heartbeat,
}

/// A frame from a runner to its parent.
#[derive(Clone, Debug, PartialEq)]
pub enum RunnerFrame {
    /// The first frame of every session.
    Hello(Hello),
    /// The work ended and gave this result.
    Done {
        /// Which work.
        call: CallId,
        /// Its encoded output.
        output: Payload,
        /// How long it ran.
        ran_for: Duration,
        /// The numbers of the values that it left on the runner.
        residents: Vec<u64>,
    },
    /// The work was started and ended without a result.
    Failed {
        /// Which work.
        call: CallId,
        /// How it ended.
        failure: Failure,
    },
    /// The work was not started: no line of it ran.
    Refused {
        /// Which work.
        call: CallId,
        /// Why.
        refusal: Refusal,
    },
    /// The answer to `ProposeIdle`.
    IdleAnswer {
        /// Whether it agrees to go.
        idle: bool,
    },
    /// Placed work lives, as [`Call::announce`] asked to be told.
    Accepted {
        /// Which work.
        call: CallId,
    },
    /// News for an end of a channel at the parent.
    Port(PortFrame),
    /// Something that the runner's subscriber was told.
    Event(RunnerEvent),
    /// The runner takes no further work.
    Draining,
    /// The runner ends; nothing follows.
    Goodbye {
        /// The exit code it means to end with.
        code: i32,
        /// Why, for people.
        reason: String,
    },
    /// The runner lives.
    Heartbeat,
}

/// Who a runner is, and how it proves it.
#[derive(Clone, PartialEq)]
pub struct Hello {
    /// The range of protocol versions it speaks.
    pub versions: (u32, u32),
    /// The boot it belongs to: the instance's name.
    pub boot: String,
    /// The token that it was given, good for one handshake.
    pub token: Bytes,
    /// The build of the app that it is a copy of.
    pub build: String,
    /// How many tasks its registry holds.
    pub tasks: u32,
    /// Its process id, for logs.
    pub pid: u32,
    /// Its host name, for logs.
    pub host: String,
    /// Whether a panic ends the process (`panic = "abort"`).
    pub panic_aborts: bool,
    /// What it understands beyond the first version.
    pub features: Features,
}

/// The token is a secret until it is spent.
impl std::fmt::Debug for Hello {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hello")
            .field("versions", &self.versions)
            .field("boot", &self.boot)
            .field("build", &self.build)
            .field("tasks", &self.tasks)
            .field("pid", &self.pid)
            .field("host", &self.host)
            .field("panic_aborts", &self.panic_aborts)
            .field("features", &self.features)
            .finish_non_exhaustive()
    }
}

/// What an accepted runner needs to know.
#[derive(Clone, PartialEq)]
pub struct Welcome {
    /// The protocol version of this session.
    pub version: u32,
    /// Proves on the bulk connection that it belongs to this session.
    pub session_key: Bytes,
    /// Payload parts up to this size travel inside their frame.
    pub inline_limit: u32,
    /// The largest payload either side accepts.
    pub max_payload: u64,
    /// What the runner keeps to.
    pub limits: RunnerLimits,
    /// Each side sends a heartbeat this often.
    pub heartbeat_every: Duration,
    /// Each side takes the other for lost after this long without a byte.
    pub peer_loss_after: Duration,
    /// What the parent understands beyond the first version.
    pub features: Features,
}

/// What a runner keeps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunnerLimits {
    /// How many calls run at a time.
    pub max_concurrency: u32,
    /// How long detached work may go on after the parent is lost.
    pub shutdown_timeout: Duration,
    /// How long cancelled work may take to end.
    pub cancel_grace: Duration,
}

/// The session key is a secret.
impl std::fmt::Debug for Welcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Welcome")
            .field("version", &self.version)
            .field("limits", &self.limits)
            .field("peer_loss_after", &self.peer_loss_after)
            .field("features", &self.features)
            .finish_non_exhaustive()
    }
}

/// Why a session was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reject {
    /// Boot and token do not go together, or were used before, or have expired: deliberately one answer.
    Unauthenticated,
    /// The two sides share no protocol version.
    Version {
        /// The range the parent speaks.
        parent: (u32, u32),
    },
    /// The runner is a copy of another build of the app.
    Build {
        /// The parent's build.
        parent: String,
        /// The runner's build.
        runner: String,
    },
    /// The pool does not want this runner any more.
    Unwanted,
}

/// One call.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Its name on this session.
    pub id: CallId,
    /// The pool's number for whoever wants it: stays the same when it is granted again.
    pub caller: u64,
    /// What to run.
    pub task: TaskRef,
    /// The encoded arguments.
    pub arguments: Payload,
    /// How much of its deadline was left at sending; `None` without a deadline.
    pub budget: Option<Duration>,
    /// What happens to it when the parent is lost.
    pub link: Link,
    /// 1 for the first grant, counted up by each further one.
    pub attempt: u32,
    /// Trace context, as W3C headers.
    pub trace: Vec<(String, String)>,
    /// When the runner says [`RunnerFrame::Accepted`].
    pub announce: Announce,
}

/// When a runner says that placed work lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announce {
    /// It is not placed.
    Never,
    /// Before its first line runs.
    AtStart,
    /// When the work says so itself.
    WhenReady,
}

/// Which task a call means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskRef {
    /// By its exact type, between equal builds.
    Exact(u64),
    /// By name and signature, between builds.
    Named {
        /// The path of the function.
        name: String,
        /// A hash of its signature.
        fingerprint: u64,
    },
}

/// One encoded value: a head, and the large byte strings that it refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload {
    /// The value itself.
    pub head: Segment,
    /// Byte strings beside it.
    pub blobs: Vec<Segment>,
}

impl Payload {
    /// The size of all its parts in bytes, as limits count it.
    pub fn size(&self) -> u64 {
        // A peer may claim any size, so the sum saturates.
        let blobs = self.blobs.iter().map(Segment::size);
        blobs.fold(self.head.size(), u64::saturating_add)
    }
}

/// A part of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// It is here.
    Inline(Bytes),
    /// It comes over the bulk connection.
    Bulk {
        /// Its name on the bulk connection, counted up by the sender.
        id: u64,
        /// Its size in bytes.
        size: u64,
    },
}

impl Segment {
    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        match self {
            Self::Inline(bytes) => bytes.len() as u64,
            Self::Bulk { size, .. } => *size,
        }
    }
}

impl Default for Segment {
    fn default() -> Self {
        Self::Inline(Bytes::new())
    }
}

/// How started work ended without a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It panicked.
    Panicked(PanicReport),
    /// It was cancelled.
    Cancelled,
    /// Its output could not be encoded.
    EncodeResult {
        /// The encoder's words.
        message: String,
    },
    /// Its output is larger than the limit.
    ResultTooLarge {
        /// The output's size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
}

/// A panic, as the runner saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanicReport {
    /// The panic's message.
    pub message: String,
    /// `file:line:column`, if known.
    pub location: Option<String>,
    /// The backtrace, if one was captured.
    pub backtrace: Option<String>,
}

/// Why work was not started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The runner drains. It may be asked elsewhere.
    Draining,
    /// Every slot is taken. It may be asked elsewhere.
    Busy,
    /// The runner has no such task.
    UnknownTask {
        /// What the runner knows about it.
        message: String,
    },
    /// The arguments do not decode.
    DecodeArgs {
        /// The decoder's words.
        message: String,
    },
    /// The task asks for a value that this runner's `main` did not provide.
    NotProvided {
        /// The type's name.
        type_name: String,
    },
    /// The arguments are larger than the limit.
    TooLarge {
        /// Their size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
}
