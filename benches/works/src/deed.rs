use std::path::PathBuf;

use anyhow::{Context as _, bail};
use bytes::Bytes;

use crate::meet;

/// What a peer's runner can do, for those that name it by a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Adds one to a number.
    AddOne,
    /// Gives back what it was given.
    Echo,
    /// Goes to a meeting.
    Meet,
}

impl Deed {
    /// Its number on the wire.
    pub fn number(self) -> u32 {
        match self {
            Self::AddOne => 0,
            Self::Echo => 1,
            Self::Meet => 2,
        }
    }

    /// Which one has this number.
    ///
    /// # Errors
    ///
    /// None has it.
    pub fn numbered(number: u32) -> anyhow::Result<Self> {
        Ok(match number {
            0 => Self::AddOne,
            1 => Self::Echo,
            2 => Self::Meet,
            _ => bail!("no deed has the number {number}"),
        })
    }

    /// Does it.
    ///
    /// # Errors
    ///
    /// The argument is not what it takes, or the meeting is not there.
    pub async fn run(self, argument: Bytes) -> anyhow::Result<Bytes> {
        match self {
            Self::AddOne => Ok(Bytes::copy_from_slice(
                &(u64_of(&argument)? + 1).to_le_bytes(),
            )),
            Self::Echo => Ok(argument),
            Self::Meet => {
                let at = PathBuf::from(String::from_utf8(argument.to_vec())?);
                tokio::task::spawn_blocking(move || meet(&at)).await??;
                Ok(Bytes::new())
            }
        }
    }
}

/// The number that `AddOne` takes and gives.
///
/// # Errors
///
/// These are not eight bytes.
pub(crate) fn u64_of(bytes: &[u8]) -> anyhow::Result<u64> {
    let bytes = bytes.try_into().context("a number has eight bytes")?;
    Ok(u64::from_le_bytes(bytes))
}
