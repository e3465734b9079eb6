use std::hint::black_box;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use flame_core::CallId;
use flame_core::terminator::Link;
use flame_proto::frame::{Announce, Call, ParentFrame, Payload, RunnerFrame, Segment, TaskRef};
use flame_proto::{convert, v1};
use prost::Message as _;

/// Eight bytes, as the encoded arguments of a small call are.
fn payload() -> Payload {
    Payload {
        head: Segment::Inline(Bytes::from_static(&[7; 8])),
        blobs: Vec::new(),
    }
}

/// A call, from the frame to bytes and back to a frame.
pub(crate) fn to_runner(number: u64, buffer: &mut BytesMut) -> anyhow::Result<()> {
    let frame = ParentFrame::Call(Call {
        id: CallId(number),
        caller: number,
        task: TaskRef::Exact(0x1234_5678_9abc_def0),
        arguments: payload(),
        budget: Some(Duration::from_secs(30)),
        link: Link::Linked,
        attempt: 1,
        trace: Vec::new(),
        announce: Announce::Never,
    });
    buffer.clear();
    convert::encode_parent(vec![frame]).encode(buffer)?;
    let bytes = buffer.split().freeze();
    black_box(convert::decode_parent(v1::ParentBatch::decode(bytes)?)?);
    Ok(())
}

/// An answer, the same way.
pub(crate) fn to_parent(number: u64, buffer: &mut BytesMut) -> anyhow::Result<()> {
    let frame = RunnerFrame::Done {
        call: CallId(number),
        output: payload(),
        ran_for: Duration::from_micros(12),
        residents: Vec::new(),
    };
    buffer.clear();
    convert::encode_runner(vec![frame]).encode(buffer)?;
    let bytes = buffer.split().freeze();
    black_box(convert::decode_runner(v1::RunnerBatch::decode(bytes)?)?);
    Ok(())
}
