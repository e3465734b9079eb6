use ::anyhow::Error;

use crate::codec;
use crate::output::{OutputCodec, Probe};
use crate::wire::{self, DecodeError, Payload, Wire};

/// An `anyhow::Result<T>` travels with the chain of its error's messages.
#[doc(hidden)]
#[derive(Debug)]
pub struct Chain;

impl<T: Wire> OutputCodec<Result<T, Error>> for Chain {
    fn encode(output: &Result<T, Error>) -> Result<Payload, codec::Error> {
        let output = output
            .as_ref()
            .map_err(|error| error.chain().map(ToString::to_string).collect());
        wire::encode::<Result<&T, Vec<String>>>(&output)
    }

    fn decode(payload: Payload) -> Result<Result<T, Error>, DecodeError> {
        let output = wire::decode::<Result<T, Vec<String>>>(payload)?;
        Ok(output.map_err(rebuild))
    }
}

impl Chain {
    /// Has the compiler check the output where it still can point at it.
    pub fn check<T: Wire>(self, _probe: &Probe<Result<T, Error>>) -> Self {
        self
    }
}

/// An error that prints as the one with this chain did, outermost message first.
fn rebuild(chain: Vec<String>) -> Error {
    let mut inwards = chain.into_iter().rev();
    let innermost = inwards.next().unwrap_or_default();
    inwards.fold(Error::msg(innermost), Error::context)
}

/// Found before [`ViaPlain`](super::ViaPlain), for this one kind of output.
#[doc(hidden)]
pub trait ViaAnyhow {
    /// The codec.
    fn codec(&self) -> Chain {
        Chain
    }
}

impl<T> ViaAnyhow for Probe<Result<T, Error>> {}
