//! Bytes that are no message: whoever sends them has broken the protocol, which is more than a closed connection.

use bytes::{Buf as _, BufMut as _, Bytes};
use flame_proto::convert;
use flame_proto::frame::RunnerFrame;
use flame_proto::parent_text::ParentInfo;
use flame_runtime::{CallError, LossReason, Outcome};
use futures_util::stream::unfold;
use prost::Message as _;
use tokio::sync::mpsc;
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::{Request, Status, Streaming};

use super::add;
use super::impostors::{Stage, hello, reach, start};

/// Messages as they are, whatever they are.
#[derive(Clone, Copy, Debug, Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, message: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(message);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        let length = buffer.remaining();
        Ok(Some(buffer.copy_to_bytes(length)))
    }
}

/// A connection that says whatever bytes it likes.
struct Babbler {
    say: mpsc::UnboundedSender<Bytes>,
    hear: Streaming<Bytes>,
}

impl Babbler {
    /// A runner like any other, up to here.
    async fn welcomed(home: &ParentInfo) -> Self {
        let channel = reach(home).await;
        let (say, said) = mpsc::unbounded_channel();
        let hello = convert::encode_runner(vec![RunnerFrame::Hello(hello(home))]);
        say.send(hello.encode_to_vec().into()).unwrap();
        let said = unfold(said, async |mut said| Some((said.recv().await?, said)));
        let mut grpc = Grpc::new(channel);
        grpc.ready().await.unwrap();
        let path = PathAndQuery::from_static("/flame.runner.v1.Parent/Attach");
        let hear = grpc.streaming(Request::new(said), path, Raw).await.unwrap();
        let mut welcomed = Self {
            say,
            hear: hear.into_inner(),
        };
        assert!(welcomed.hear.message().await.unwrap().is_some());
        welcomed
    }
}

#[tokio::test]
async fn a_message_that_cannot_be_decoded_is_a_breach_of_the_protocol() {
    let kinds_of_garbage: [&'static [u8]; 3] = [
        // A field that is longer than its message.
        b"\x0a\x7f",
        // A group's end without its beginning.
        b"\x0c",
        // A text that is no UTF-8.
        b"\x0a\x06\x0a\x04\x1a\x02\xff\xff",
    ];
    for garbage in kinds_of_garbage {
        let stage = Stage::new();
        let pool = start(&stage).await;
        let call = tokio::spawn(add(1, 1).on(&pool));
        let babbler = Babbler::welcomed(&stage.next_role().await).await;
        while pool.snapshot().counts.running == 0 {
            tokio::task::yield_now().await;
        }

        babbler.say.send(Bytes::from_static(garbage)).unwrap();

        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        let CallError::RunnerLost(lost) = error else {
            panic!("{error}")
        };
        let LossReason::Protocol(message) = &lost.reason else {
            panic!("{garbage:?}: {lost}")
        };
        assert_eq!(message, "`RunnerBatch` cannot be decoded");
        pool.shutdown().await;
    }
}

#[tokio::test]
async fn a_connection_that_ends_in_the_middle_is_no_breach_of_the_protocol() {
    let stage = Stage::new();
    let pool = start(&stage).await;
    let call = tokio::spawn(add(1, 1).on(&pool));
    let babbler = Babbler::welcomed(&stage.next_role().await).await;
    while pool.snapshot().counts.running == 0 {
        tokio::task::yield_now().await;
    }

    drop(babbler);

    let CallError::RunnerLost(lost) = call.await.unwrap().unwrap_err() else {
        panic!("the runner was not lost")
    };
    assert_eq!(lost.reason, LossReason::SessionClosed);
    pool.shutdown().await;
}
