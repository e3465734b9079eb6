//! What this binary can run.
//!
//! Two kinds of tasks enter the table while the binary is linked: each `#[remote]` function that is not
//! generic, as an element of a distributed slice, and each instantiation of a `task!` closure or of a
//! generic `#[remote]` function, as a pointer in a section of its own (see `registry/section.rs`). The
//! runner looks up what it is asked for; nothing that comes off the network is ever turned into a pointer.

use std::any::TypeId;

mod body;
mod conflict;
mod entry;
mod identity;
mod missing;
mod section;
mod site;
mod table;

pub use body::{Body, BoxFuture, Fault, StartError};
pub use conflict::Conflict;
pub(crate) use entry::Start;
pub use entry::{Entry, Kind};
pub use missing::MissingProvided;
#[doc(hidden)]
pub use section::register;
#[doc(hidden)]
pub use site::Site;
pub use table::UnknownTask;

pub(crate) use identity::{exact, fingerprint};
#[doc(hidden)]
pub use section::Thunk;

/// The `#[remote]` functions of this binary that are not generic.
#[doc(hidden)]
#[linkme::distributed_slice]
pub static NAMED: [Thunk];

/// The task with this exact identity, in this very build.
pub fn find(exact: u64) -> Option<&'static Entry> {
    table::TABLE.find(exact)
}

/// The task with this name and signature, for a caller of another build.
///
/// # Errors
///
/// There is none, or its signature differs, or two functions have the name.
pub fn find_named(path: &str, fingerprint: u64) -> Result<&'static Entry, UnknownTask> {
    table::TABLE.find_named(path, fingerprint)
}

/// The task that was made from this type.
pub(crate) fn of_type(type_id: TypeId) -> Option<&'static Entry> {
    table::TABLE.of(type_id)
}

/// All tasks of this binary, in the order of their names and positions.
pub fn tasks() -> impl Iterator<Item = &'static Entry> {
    table::TABLE.entries()
}

/// The values that tasks of this binary ask for and that were not provided so far.
pub fn missing() -> Vec<MissingProvided> {
    tasks().flat_map(Entry::missing).collect()
}

/// What is wrong with the table; usually nothing.
pub fn conflicts() -> &'static [Conflict] {
    table::TABLE.conflicts()
}
