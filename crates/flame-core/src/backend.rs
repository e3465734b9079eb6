//! What a backend is: the part that makes copies of the app exist, and knows nothing of calls.
//!
//! A backend creates *instances* (a process, a Fly Machine), tells how they are, and destroys them.
//! An instance that calls its parent becomes a *runner*; how it does so is not the backend's business:
//! it only hands [`BootRequest::parent`] to the new copy.
//!
//! **Nothing can leak.** Every instance has a name that is chosen before it is created
//! ([`BootRequest::name`]), and everything else takes that name. The runtime calls [`Backend::destroy`]
//! on every way out (a boot that failed, timed out or was given up, a runner that was lost or has
//! finished) and again until it answers `Ok`, whatever [`Backend::create`] said or whether it was heard
//! at all.

pub mod lifeline;
mod output;
mod parent_address;
mod shared;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::id::{InstanceName, PoolName, RunnerId};

pub use output::{OutputLine, OutputSink, OutputStream};
pub use parent_address::ParentAddress;

/// Makes copies of the app exist.
///
/// All methods may be called at the same time and may be dropped at any await.
#[async_trait]
pub trait Backend: fmt::Debug + Send + Sync + 'static {
    /// A short name for logs: `"child process"`, `"fly"`.
    fn name(&self) -> &str;

    /// What this backend can do.
    fn capabilities(&self) -> Capabilities;

    /// Starts an instance and answers as soon as the provider has accepted it.
    ///
    /// It does not wait for the runner to call back: the runtime does, and it bounds the whole boot
    /// by the pool's `boot_timeout`. A second `create` for the same name must not make a second
    /// instance.
    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError>;

    /// Ends the instance for good.
    ///
    /// `Ok` means that it does not exist any more, which includes that it never did. It is called
    /// again after an error, so it must be idempotent. A process is reaped, a machine deleted.
    async fn destroy(&self, name: &InstanceName) -> Result<(), DestroyError>;

    /// Resolves when the instance has ended, with what is known of its end.
    ///
    /// It is awaited beside the boot and beside the runner's session: a copy that dies before it calls
    /// back fails its boot at once instead of at `boot_timeout`, and a lost runner can be given its
    /// exit code. A backend that cannot know never resolves.
    async fn ended(&self, name: &InstanceName) -> ExitReport;

    /// The session of the runner in this instance has ended, so the instance is ending, too, or has ended.
    ///
    /// It is called before the calls that ran there are answered, for a backend that learns of ends by asking its
    /// provider: it asks at once, so that [`ended`](Self::ended) resolves soon and the callers are told how the runner ended.
    /// It returns when looking further would tell no more, and is dropped after a few seconds.
    async fn session_lost(&self, _name: &InstanceName) {}

    /// The instances that exist and carry the label `flame_pool`, of this and of other parents.
    ///
    /// Backends without [`Capabilities::list`] return an empty list.
    async fn list(&self) -> Result<Vec<Listed>, DestroyError>;

    /// Where instances find this process. Backends with [`Reach::Network`] must say it, no other is asked.
    ///
    /// It is asked when a pool starts. `None` keeps the pool from starting.
    fn parent_address(&self) -> Option<ParentAddress> {
        None
    }

    /// What [`create`](Self::create) would ask of the provider, for people to read: the request, or the command.
    ///
    /// Nothing is sent. It shows no secret: no token, and no value of a variable. `None` from backends that cannot
    /// say it.
    fn preview(&self, _request: &BootRequest) -> Option<String> {
        None
    }

    /// What the backend does while a pool uses it, be there runners or not: for one whose provider keeps what
    /// earlier parents left behind, looking for that and ending it.
    ///
    /// It is called when a pool starts, and dropped when the pool has ended. It may return.
    async fn tend(&self) {}
}

/// What a backend can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// How far away its instances are.
    pub reach: Reach,
    /// Whether [`Backend::list`] finds what earlier parents left behind.
    pub list: bool,
}

/// How far away the instances of a backend are, which decides how they can call back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The same process: they use [`BootRequest::entry`].
    SameProcess,
    /// The same host: they can open a unix socket.
    SameHost,
    /// Another host: they need the network, and encryption.
    Network,
}

/// Everything that a backend is told about the instance it is to create.
#[derive(Clone, Debug)]
pub struct BootRequest {
    /// The instance's name; see the module's documentation.
    pub name: InstanceName,
    /// The pool it is for.
    pub pool: PoolName,
    /// The pool's number for it.
    pub runner: RunnerId,
    /// What the copy must be told about its parent. It is a secret until the runner has called back.
    pub parent: ParentText,
    /// Environment variables for the copy.
    pub env: BTreeMap<String, String>,
    /// Labels that let [`Backend::list`] find it: `flame_pool`, `flame_parent`.
    pub labels: BTreeMap<String, String>,
    /// How long the whole boot may take.
    pub boot_timeout: Duration,
    /// Where its output goes. A backend that cannot read it leaves this alone.
    pub output: OutputSink,
    /// How to be a runner inside this process; only backends with [`Reach::SameProcess`] use it.
    pub entry: RunnerEntry,
}

/// The text that tells a copy where its parent is and how to prove who it is.
///
/// Hand it over on an inherited descriptor or in the environment variable [`PARENT_VARIABLE`]. It holds
/// a token that is spent at the first handshake; its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct ParentText(String);

/// The environment variable in which a copy on another host finds its [`ParentText`].
pub const PARENT_VARIABLE: &str = "FLAME_PARENT";

impl ParentText {
    /// Wraps the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for handing it over. Do not log it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ParentText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ParentText(…)")
    }
}

/// How to be a runner inside this process.
#[derive(Clone)]
pub struct RunnerEntry(Arc<dyn Fn() -> RunnerFuture + Send + Sync>);

/// A runner's whole life. Dropping it is the in-process form of a kill.
pub type RunnerFuture = Pin<Box<dyn Future<Output = ExitReport> + Send>>;

impl RunnerEntry {
    /// Wraps a function that starts a runner.
    pub fn new(run: impl Fn() -> RunnerFuture + Send + Sync + 'static) -> Self {
        Self(Arc::new(run))
    }

    /// The runner's life, to be spawned by the backend.
    pub fn run(&self) -> RunnerFuture {
        (self.0)()
    }
}

impl fmt::Debug for RunnerEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RunnerEntry")
    }
}

/// An instance that a backend has started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// The provider's own id: a process id, a machine id. For logs and people only.
    pub provider_id: String,
}

/// One instance found by [`Backend::list`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: InstanceName,
    /// The labels it was created with.
    pub labels: BTreeMap<String, String>,
}

/// How an instance ended, as far as its backend knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExitReport {
    /// How the process ended.
    pub how: ExitKind,
    /// The last lines of its standard error, oldest first. A backend that cannot read it may say here what the
    /// provider knows of the end.
    pub stderr_tail: Vec<String>,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExitKind {
    /// It exited with this code.
    Code(i32),
    /// It was ended by this signal.
    Signal(i32),
    /// The kernel or the provider killed it for its memory use.
    OutOfMemory,
    /// The provider has accepted it and then could not start it: no process of it has ever run.
    NeverStarted,
    /// It ended; nobody knows how.
    #[default]
    Unknown,
}

impl fmt::Display for ExitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exit code {code}"),
            Self::Signal(signal) => write!(f, "signal {signal}"),
            Self::OutOfMemory => f.write_str("out of memory"),
            Self::NeverStarted => f.write_str("never started by its provider"),
            Self::Unknown => f.write_str("unknown cause"),
        }
    }
}

impl fmt::Display for ExitReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.how)?;
        if !self.stderr_tail.is_empty() {
            write!(f, "; last lines: {}", self.stderr_tail.join(" | "))?;
        }
        Ok(())
    }
}

/// Why an instance could not be created.
#[derive(Debug)]
#[non_exhaustive]
pub enum BootError {
    /// The provider has no room at the moment.
    NoCapacity {
        /// What the provider said, if it said more than that.
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// The provider wants fewer requests.
    RateLimited {
        /// When it will take the next one, if it said so.
        retry_after: Option<Duration>,
        /// What the provider said, if it said more than that.
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// The provider could not be reached or had a fault of its own.
    Unavailable {
        /// What went wrong.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The request can never succeed as it is: a mistake in the configuration, a missing file, a refused
    /// credential.
    Rejected {
        /// What went wrong.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl BootError {
    /// [`NoCapacity`](Self::NoCapacity), of which no more is known.
    pub fn no_capacity() -> Self {
        Self::NoCapacity { source: None }
    }

    /// [`RateLimited`](Self::RateLimited), of which no more is known.
    pub fn rate_limited(retry_after: Option<Duration>) -> Self {
        Self::RateLimited {
            retry_after,
            source: None,
        }
    }

    /// Whether the same request may succeed later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::NoCapacity { .. } | Self::RateLimited { .. } | Self::Unavailable { .. } => true,
            Self::Rejected { .. } => false,
        }
    }
}

impl fmt::Display for BootError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCapacity { .. } => f.write_str("the provider has no capacity"),
            Self::RateLimited { .. } => f.write_str("the provider limits the rate of requests"),
            Self::Unavailable { .. } => f.write_str("the provider is unavailable"),
            Self::Rejected { .. } => f.write_str("the provider rejected the request"),
        }
    }
}

impl Error for BootError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NoCapacity { source } | Self::RateLimited { source, .. } => {
                let source: &(dyn Error + 'static) = source.as_deref()?;
                Some(source)
            }
            Self::Unavailable { source } | Self::Rejected { source } => Some(source.as_ref()),
        }
    }
}

/// Why an instance could not be destroyed or looked for; the runtime tries again.
#[derive(Debug)]
pub struct DestroyError {
    source: Box<dyn Error + Send + Sync>,
}

impl DestroyError {
    /// Wraps the cause.
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            source: source.into(),
        }
    }
}

impl fmt::Display for DestroyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the backend could not destroy or list its instances")
    }
}

impl Error for DestroyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}
