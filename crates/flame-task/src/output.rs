//! How a task's output travels.
//!
//! Any [`Wire`](crate::Wire) output travels as itself. `anyhow::Result<T>` does not implement serde and
//! never can from here, so its chain of messages travels instead. The macros know the output's type but
//! cannot name it; they ask [`Probe`], and method resolution picks the more special answer.

use std::fmt;
use std::marker::PhantomData;

use crate::codec;
use crate::wire::{self, DecodeError, Payload, Wire};

#[cfg(feature = "anyhow")]
mod anyhow;

#[cfg(feature = "anyhow")]
pub use self::anyhow::{Chain, ViaAnyhow};

/// Encodes and decodes an output of type `R`.
#[doc(hidden)]
pub trait OutputCodec<R>: 'static {
    /// Encodes it, on the runner.
    ///
    /// # Errors
    ///
    /// What a type's own `Serialize` says.
    fn encode(output: &R) -> Result<Payload, codec::Error>;

    /// Decodes it, in the parent.
    ///
    /// # Errors
    ///
    /// The payload holds something else.
    fn decode(payload: Payload) -> Result<R, DecodeError>;
}

/// The output travels as itself.
#[doc(hidden)]
#[derive(Debug)]
pub struct Plain;

impl<R: Wire> OutputCodec<R> for Plain {
    fn encode(output: &R) -> Result<Payload, codec::Error> {
        wire::encode(output)
    }

    fn decode(payload: Payload) -> Result<R, DecodeError> {
        wire::decode(payload)
    }
}

impl Plain {
    /// Has the compiler check the output where it still can point at it.
    pub fn check<R: Wire>(self, _probe: &Probe<R>) -> Self {
        self
    }
}

/// Stands for an output type that a macro cannot name.
#[doc(hidden)]
pub struct Probe<R>(PhantomData<fn() -> R>);

impl<R> Probe<R> {
    /// The only one.
    pub const NEW: Self = Self(PhantomData);
}

impl<R> fmt::Debug for Probe<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Probe")
    }
}

/// Every output travels as itself, unless a method is found before this one: resolution looks at `&Probe`
/// first and at `&&Probe` next.
#[doc(hidden)]
pub trait ViaPlain {
    /// The codec.
    fn codec(&self) -> Plain {
        Plain
    }
}

impl<R> ViaPlain for &Probe<R> {}
