use std::any::TypeId;
use std::fmt;

use crate::ctx::Ctx;
use crate::provided::{Need, is_provided};
use crate::registry::{Body, MissingProvided, StartError};
use crate::task::NamedTask;
use crate::wire::Payload;

/// How the body of a task wants to be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It is async.
    Async,
    /// It needs a thread that may block.
    Blocking,
}

/// Decodes the arguments, fills in what is provided, and returns what is left to do.
pub(crate) type Start = Box<dyn Fn(Payload, Ctx) -> Result<Body, StartError> + Send + Sync>;

/// One task of this binary.
pub struct Entry {
    pub(crate) exact: u64,
    pub(crate) type_id: TypeId,
    pub(crate) named: Option<NamedTask>,
    pub(crate) name: &'static str,
    pub(crate) at: &'static str,
    pub(crate) signature: String,
    pub(crate) kind: Kind,
    pub(crate) needs: Vec<Need>,
    pub(crate) start: Start,
}

impl Entry {
    /// Its identity inside this build.
    pub fn exact(&self) -> u64 {
        self.exact
    }

    /// Its identity for other builds, if it has one.
    pub fn named(&self) -> Option<NamedTask> {
        self.named
    }

    /// The path of the function, or the module of the closure.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Where it is written, `file:line:column`.
    pub fn at(&self) -> &'static str {
        self.at
    }

    /// Its captured types and its output type, for people.
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// How it wants to be run.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The types that it wants to be provided.
    pub fn needs(&self) -> impl Iterator<Item = &'static str> {
        self.needs.iter().map(|need| need.type_name)
    }

    /// The types that it wants to be provided and that were not, so far.
    pub(crate) fn missing(&self) -> impl Iterator<Item = MissingProvided> {
        let missing = self.needs.iter().filter(|need| !is_provided(need.type_id));
        missing.map(|need| MissingProvided {
            task: self.name,
            at: self.at,
            type_name: need.type_name,
        })
    }

    /// Makes a run of the task ready, for a runner.
    ///
    /// # Errors
    ///
    /// Why it cannot run. No line of the task ran.
    pub fn start(&self, payload: Payload, ctx: Ctx) -> Result<Body, StartError> {
        (self.start)(payload, ctx)
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("name", &self.name)
            .field("at", &self.at)
            .field("signature", &self.signature)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
