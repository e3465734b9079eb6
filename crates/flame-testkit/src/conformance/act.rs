//! What the suite asks of an instance, and how the instance learns of it.

use std::collections::BTreeMap;
use std::env;
use std::fmt;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::process;
use std::str::FromStr;

use flame_core::backend::{
    BootRequest, ExitKind, ExitReport, PARENT_VARIABLE, RunnerEntry, lifeline,
};
use tokio::io::AsyncReadExt;

use crate::boot_request;

/// Holds the [`Act`].
const ACT_VARIABLE: &str = "FLAME_CONFORMANCE_ACT";
/// Holds the address of the witness.
const WITNESS_VARIABLE: &str = "FLAME_CONFORMANCE_WITNESS";

/// The number of SIGABRT, on every unix.
pub(super) const ABORT_SIGNAL: i32 = 6;
/// The exit code of an instance that could not do what it was told.
const FAILED: i32 = 70;

/// What an instance is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Exit with this code.
    Exit(i32),
    /// End by a signal.
    Abort,
    /// Connect to the witness, and live until somebody ends that.
    Linger,
    /// Connect to the witness, send the value of this variable, and exit.
    Tell(String),
    /// Connect to the witness, send what it was told about its parent, and exit.
    TellParent,
    /// Connect to the witness, send its command line, and exit.
    TellArguments,
}

/// Does what the conformance suite asks of an instance, and does not return. In a process of which the
/// suite has asked nothing, it returns at once.
pub fn act_if_told() {
    let Ok(act) = env::var(ACT_VARIABLE) else {
        return;
    };
    let code = match act.parse::<Act>().map(perform) {
        Ok(Ok(code)) => code,
        Ok(Err(_)) | Err(UnknownAct) => FAILED,
    };
    process::exit(code);
}

fn perform(act: Act) -> io::Result<i32> {
    match act {
        Act::Exit(code) => Ok(code),
        Act::Abort => process::abort(),
        Act::Linger => {
            let mut witness = connect()?;
            // The witness never writes, so this ends when the suite is gone.
            witness.read_to_end(&mut Vec::new())?;
            Ok(0)
        }
        Act::Tell(variable) => {
            let value = env::var(variable).unwrap_or_default();
            connect()?.write_all(value.as_bytes())?;
            Ok(0)
        }
        Act::TellParent => {
            let parent = read_parent()?;
            connect()?.write_all(&parent)?;
            Ok(0)
        }
        Act::TellArguments => {
            let arguments: Vec<String> = env::args().collect();
            connect()?.write_all(arguments.join(" ").as_bytes())?;
            Ok(0)
        }
    }
}

/// Looks for the parent's text where a runner looks for it, in the same order.
fn read_parent() -> io::Result<Vec<u8>> {
    if env::var_os(lifeline::VARIABLE).is_none() {
        let text = env::var(PARENT_VARIABLE).map_err(io::Error::other)?;
        return Ok(text.into_bytes());
    }
    let mut length = [0; lifeline::LENGTH_BYTES];
    io::stdin().read_exact(&mut length)?;
    let length = lifeline::decode_length(length).map_err(io::Error::other)?;
    let mut text = vec![0; length];
    io::stdin().read_exact(&mut text)?;
    Ok(text)
}

fn connect() -> io::Result<TcpStream> {
    let address = env::var(WITNESS_VARIABLE).map_err(io::Error::other)?;
    TcpStream::connect(address)
}

/// A boot request for an instance that does this.
pub(super) fn request(act: &Act, witness: &str) -> BootRequest {
    let variables = [
        (ACT_VARIABLE.to_owned(), act.to_string()),
        (WITNESS_VARIABLE.to_owned(), witness.to_owned()),
    ];
    BootRequest {
        env: BTreeMap::from(variables),
        entry: entry(act.clone(), witness.to_owned()),
        ..boot_request()
    }
}

/// The same for an instance in this process.
fn entry(act: Act, witness: String) -> RunnerEntry {
    RunnerEntry::new(move || {
        let (act, witness) = (act.clone(), witness.clone());
        Box::pin(async move {
            let how = match act {
                Act::Exit(code) => ExitKind::Code(code),
                Act::Abort => ExitKind::Signal(ABORT_SIGNAL),
                Act::Linger => match linger(&witness).await {
                    Ok(()) => ExitKind::Code(0),
                    Err(_) => ExitKind::Code(FAILED),
                },
                // It has neither an environment nor arguments of its own.
                Act::Tell(_) | Act::TellParent | Act::TellArguments => ExitKind::Unknown,
            };
            ExitReport {
                how,
                stderr_tail: Vec::new(),
            }
        })
    })
}

async fn linger(witness: &str) -> io::Result<()> {
    let mut witness = tokio::net::TcpStream::connect(witness).await?;
    witness.read_to_end(&mut Vec::new()).await?;
    Ok(())
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exit(code) => write!(f, "exit {code}"),
            Self::Abort => f.write_str("abort"),
            Self::Linger => f.write_str("linger"),
            Self::Tell(variable) => write!(f, "tell {variable}"),
            Self::TellParent => f.write_str("tell-parent"),
            Self::TellArguments => f.write_str("tell-arguments"),
        }
    }
}

/// A text that names no act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct UnknownAct;

impl FromStr for Act {
    type Err = UnknownAct;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(' ') {
            None if text == "abort" => Ok(Self::Abort),
            None if text == "linger" => Ok(Self::Linger),
            None if text == "tell-parent" => Ok(Self::TellParent),
            None if text == "tell-arguments" => Ok(Self::TellArguments),
            Some(("exit", code)) => code.parse().map(Self::Exit).map_err(|_| UnknownAct),
            Some(("tell", variable)) => Ok(Self::Tell(variable.to_owned())),
            None | Some(_) => Err(UnknownAct),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_arrives_as_it_was_sent() {
        let tell = Act::Tell("HOME".into());
        let acts = [
            Act::Exit(7),
            Act::Abort,
            Act::Linger,
            tell,
            Act::TellParent,
            Act::TellArguments,
        ];
        for act in acts {
            assert_eq!(act.to_string().parse(), Ok(act));
        }
    }
}
