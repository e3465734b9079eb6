use std::pin::Pin;
use std::sync::Arc;

use flame_proto::v1::parent_server::{Parent, ParentServer};
use flame_proto::weight::MAX_MESSAGE_BYTES;
use flame_proto::{convert, v1};
use futures_util::{Stream, StreamExt};
use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use tonic::{Request, Response, Status, Streaming};

use super::boots::Boots;
use super::handshake;
use super::peer::Peer;
use crate::link::{LinkError, Socket};
use crate::threads::Threads;

/// HTTP/2 flow-control windows: per stream, and per connection. Small windows stall a stream whose reader is
/// busy; see `protocol.md` of the design for the figures.
pub(crate) const STREAM_WINDOW: u32 = 4 << 20;
/// See [`STREAM_WINDOW`].
pub(crate) const CONNECTION_WINDOW: u32 = 32 << 20;

/// Serves one runner's control connection until it ends.
pub(super) async fn serve(connection: Socket, peer: Peer, boots: Arc<Boots>, threads: Threads) {
    let attaching = ParentServer::new(Attaching {
        peer,
        boots,
        threads,
    })
    .max_decoding_message_size(MAX_MESSAGE_BYTES)
    .max_encoding_message_size(MAX_MESSAGE_BYTES);
    let served = http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        // One stream is all that a runner opens.
        .max_concurrent_streams(4)
        .auto_date_header(false)
        .serve_connection(
            TokioIo::new(connection),
            TowerToHyperService::new(attaching),
        )
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a control connection ended");
    }
}

#[derive(Debug)]
struct Attaching {
    peer: Peer,
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
        let answers = handshake::attach(&self.boots, &self.threads, Some(self.peer), batches).await;
        Ok(Response::new(Box::pin(
            answers.map(|frames| Ok(convert::encode_parent(frames))),
        )))
    }
}
