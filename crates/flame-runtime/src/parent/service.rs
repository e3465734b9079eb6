use std::pin::Pin;
use std::sync::Arc;

use flame_proto::v1::parent_server::{Parent, ParentServer};
use flame_proto::weight::MAX_MESSAGE_BYTES;
use flame_proto::{convert, v1};
use futures_util::{Stream, StreamExt};
use tokio::net::{UnixListener, UnixStream};
use tonic::{Request, Response, Status, Streaming};

use super::accept::accept;
use super::boots::Boots;
use super::handshake;
use crate::link::LinkError;
use crate::threads::Threads;

/// HTTP/2 flow-control windows: per stream, and per connection. Small windows stall a stream whose reader is
/// busy; see `protocol.md` of the design for the figures.
pub(crate) const STREAM_WINDOW: u32 = 4 << 20;
/// See [`STREAM_WINDOW`].
pub(crate) const CONNECTION_WINDOW: u32 = 32 << 20;

/// Serves runners until it is aborted.
pub(super) async fn serve(listener: UnixListener, boots: Arc<Boots>, threads: Threads) {
    let connections = futures_util::stream::unfold(listener, async |listener| {
        let connection: UnixStream = accept(&listener).await;
        Some((Ok::<_, std::io::Error>(connection), listener))
    });
    let served = tonic::transport::Server::builder()
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        // One stream is all that a runner opens.
        .max_concurrent_streams(4)
        .add_service(
            ParentServer::new(Attaching { boots, threads })
                .max_decoding_message_size(MAX_MESSAGE_BYTES)
                .max_encoding_message_size(MAX_MESSAGE_BYTES),
        )
        .serve_with_incoming(connections)
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "runners cannot call back any more");
    }
}

#[derive(Debug)]
struct Attaching {
    boots: Arc<Boots>,
    threads: Threads,
}

#[tonic::async_trait]
impl Parent for Attaching {
    type AttachStream = Pin<Box<dyn Stream<Item = Result<v1::ParentBatch, Status>> + Send>>;

    async fn attach(
        &self,
        request: Request<Streaming<v1::RunnerBatch>>,
    ) -> Result<Response<Self::AttachStream>, Status> {
        let batches = request.into_inner().map(|batch| {
            convert::decode_runner(batch.map_err(LinkError::Transport)?)
                .map_err(LinkError::Protocol)
        });
        let answers = handshake::attach(&self.boots, &self.threads, batches).await;
        Ok(Response::new(Box::pin(
            answers.map(|frames| Ok(convert::encode_parent(frames))),
        )))
    }
}
