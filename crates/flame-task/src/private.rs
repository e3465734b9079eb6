//! What the macros expand to. Nothing here is for people.

pub use linkme;

pub use crate::codec::Error as CodecError;
#[cfg(feature = "anyhow")]
pub use crate::output::{Chain, ViaAnyhow};
pub use crate::output::{OutputCodec, Plain, Probe, ViaPlain};
pub use crate::provided::{Inject, Need};
pub use crate::registry::{Entry, NAMED, Site, Thunk, register};
pub use crate::task::{
    Asynchronous, Blocking, Describe, Draft, Task, Undecided, describe_async, describe_blocking,
    draft_async, draft_blocking, named,
};
pub use crate::wire::Wire;

/// Checks a captured value where it is written.
pub fn travels<T: Wire>(value: T) -> T {
    value
}

/// Checks the type of a parameter where it is written.
pub const fn type_travels<T: Wire>() {}

/// Checks the type of a parameter that is filled in where it is written.
pub const fn is_filled_in<T: Inject>() {}

/// Stands in for the trait when anyhow's results do not travel.
#[cfg(not(feature = "anyhow"))]
pub trait ViaAnyhow {}
