//! Arguments and results.

use std::collections::BTreeMap;

use bytes::Bytes;
use flame_task::{Blob, Body, Ctx, Payload, Task, task};
use serde::{Deserialize, Serialize};

/// What values are made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Value {
    Nothing,
    Flag(bool),
    Small(i8),
    Number(i64),
    Large(u128),
    Letter(char),
    Text(String),
    Bytes(Vec<u8>),
    Blob(Blob),
    Maybe(Option<Option<Box<Self>>>),
    Many(Vec<Self>),
    Named { first: u32, second: Option<String> },
    Map(BTreeMap<String, Self>),
}

fn echo(value: Value) -> Task<Value> {
    task!(|value| async move { value })
}

/// Runs a task with arguments that came over the network. The first byte says how many of those that follow
/// stand beside the message.
pub(crate) fn run(bytes: &[u8]) {
    let Some((&split, rest)) = bytes.split_first() else {
        return;
    };
    let (blob, head) = rest.split_at(usize::from(split).min(rest.len()));
    let (outbound, decode) = echo(Value::Nothing).into_parts().unwrap();
    let Some(output) = answer(outbound.task, arrived(head, blob)) else {
        return;
    };
    let value: Value = decode(output).unwrap();
    let (outbound, decode) = echo(value.clone()).into_parts().unwrap();
    let output = answer(outbound.task, outbound.payload).unwrap();
    // A number that is none is not equal to itself, and there is none among these values.
    assert_eq!(decode(output), Ok(value));
}

fn arrived(head: &[u8], blob: &[u8]) -> Payload {
    Payload {
        head: Bytes::copy_from_slice(head),
        blobs: vec![Bytes::copy_from_slice(blob)],
        ..Payload::default()
    }
}

/// The result, unless the arguments do not decode.
fn answer(task: &flame_task::Entry, arguments: Payload) -> Option<Payload> {
    match task.start(arguments, Ctx::here("echo")).ok()? {
        Body::Async(run) => Some(futures_executor::block_on(run).unwrap()),
        Body::Blocking(_) => unreachable!("its body is async"),
    }
}
