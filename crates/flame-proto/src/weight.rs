//! How much of a batch a frame takes, so that a writer knows when a batch is full.

use crate::frame::{
    Call, Failure, Features, ParentFrame, Payload, PortFrame, PortNews, Refusal, Reject,
    RunnerEvent, RunnerFrame, Segment, TaskRef,
};

/// A writer closes a batch when its frames weigh this much. Together with the heaviest frame that the
/// contract allows, the batch stays below [`MAX_MESSAGE_BYTES`].
pub const BATCH_WEIGHT: usize = 64 * 1024;

/// The largest gRPC message that either side reads.
pub const MAX_MESSAGE_BYTES: usize = 4 * 1024 * 1024;

/// What a frame takes on the wire besides its texts and bytes, and what each of those takes besides itself.
/// Both are rounded up: a weight is a bound, not a count.
const FRAME: usize = 128;
const PART: usize = 32;

/// Something that is sent in batches.
pub trait Weigh {
    /// At least the number of bytes that it takes in a batch.
    fn weight(&self) -> usize;
}

impl Weigh for ParentFrame {
    fn weight(&self) -> usize {
        FRAME
            + match self {
                Self::Welcome(welcome) => {
                    welcome.session_key.len() + features_weight(&welcome.features)
                }
                Self::Reject(Reject::Build { parent, runner }) => parent.len() + runner.len(),
                Self::Call(call) => call_weight(call),
                Self::Port(port) => port_weight(port),
                Self::Reject(
                    Reject::Unauthenticated | Reject::Version { .. } | Reject::Unwanted,
                )
                | Self::Cancel { .. }
                | Self::ProposeIdle
                | Self::Drain { .. }
                | Self::Limits(_)
                | Self::Release { .. }
                | Self::Heartbeat => 0,
            }
    }
}

impl Weigh for RunnerFrame {
    fn weight(&self) -> usize {
        FRAME
            + match self {
                Self::Hello(hello) => {
                    hello.boot.len()
                        + hello.token.len()
                        + hello.build.len()
                        + hello.host.len()
                        + features_weight(&hello.features)
                }
                Self::Done {
                    output, residents, ..
                } => payload_weight(output) + size_of::<u64>() * residents.len(),
                Self::Failed { failure, .. } => failure_weight(failure),
                Self::Refused { refusal, .. } => refusal_weight(refusal),
                Self::Port(port) => port_weight(port),
                Self::Event(event) => event_weight(event),
                Self::Goodbye { reason, .. } => reason.len(),
                Self::Accepted { .. }
                | Self::IdleAnswer { .. }
                | Self::Draining
                | Self::Heartbeat => 0,
            }
    }
}

fn call_weight(call: &Call) -> usize {
    let task = match &call.task {
        TaskRef::Exact(_) => 0,
        TaskRef::Named { name, .. } => name.len(),
    };
    task + texts_weight(&call.trace) + payload_weight(&call.arguments)
}

fn texts_weight(texts: &[(String, String)]) -> usize {
    texts
        .iter()
        .map(|(name, value)| PART + name.len() + value.len())
        .sum()
}

fn features_weight(features: &Features) -> usize {
    features
        .iter()
        .map(|feature| PART + feature.name().len())
        .sum()
}

fn port_weight(port: &PortFrame) -> usize {
    match &port.news {
        PortNews::Item(item) => payload_weight(item),
        PortNews::Credit { .. } | PortNews::Close(_) => 0,
    }
}

fn event_weight(event: &RunnerEvent) -> usize {
    event.target.len() + event.message.len() + texts_weight(&event.fields)
}

fn payload_weight(payload: &Payload) -> usize {
    let inline = |segment: &Segment| match segment {
        Segment::Inline(bytes) => PART + bytes.len(),
        Segment::Bulk { .. } => PART,
    };
    inline(&payload.head) + payload.blobs.iter().map(inline).sum::<usize>()
}

fn failure_weight(failure: &Failure) -> usize {
    match failure {
        Failure::Panicked(panic) => {
            let optional = |text: &Option<String>| text.as_ref().map_or(0, String::len);
            panic.message.len() + optional(&panic.location) + optional(&panic.backtrace)
        }
        Failure::EncodeResult { message } => message.len(),
        Failure::Cancelled | Failure::ResultTooLarge { .. } => 0,
    }
}

fn refusal_weight(refusal: &Refusal) -> usize {
    match refusal {
        Refusal::UnknownTask { message } | Refusal::DecodeArgs { message } => message.len(),
        Refusal::NotProvided { type_name } => type_name.len(),
        Refusal::Draining | Refusal::Busy | Refusal::TooLarge { .. } => 0,
    }
}
