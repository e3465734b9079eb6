use std::hint::black_box;

use flame_task::{Decode, Payload, Task};

/// A task as small as any, that gives back what it takes.
fn task(number: u64) -> Task<(u64, String)> {
    let name = String::from("cat.mp4");
    flame_task::task!(|number, name| async move { (number, name) })
}

/// Makes a task and encodes its arguments.
pub(crate) fn encode(number: u64) -> anyhow::Result<Payload> {
    Ok(task(number).into_parts()?.0.payload)
}

/// A result, encoded, and how it is decoded.
pub(crate) fn encoded() -> anyhow::Result<(Payload, Decode<(u64, String)>)> {
    let (outbound, decode) = task(1).into_parts()?;
    // Arguments are the tuple that the result is.
    Ok((outbound.payload, decode))
}

/// Decodes a result.
pub(crate) fn decode(payload: Payload, decode: Decode<(u64, String)>) -> anyhow::Result<()> {
    black_box(decode(payload)?);
    Ok(())
}
