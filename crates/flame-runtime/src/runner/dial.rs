use std::io;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use flame_proto::bulk::Header;
use flame_proto::convert;
use flame_proto::frame::{ParentFrame, RunnerFrame};
use flame_proto::parent_text::{Address, ParentInfo};
use flame_proto::v1::parent_client::ParentClient;
use flame_proto::weight::MAX_MESSAGE_BYTES;
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt};
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt;
use tokio::net::UnixStream;
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

use super::serve_error::ServeError;
use crate::link::LinkError;
use crate::parent::{CONNECTION_WINDOW, STREAM_WINDOW};

/// The first pause between two attempts to reach the parent; it doubles up to [`DIAL_PAUSE_MAX`].
const DIAL_PAUSE_FIRST: Duration = Duration::from_millis(50);
/// See [`DIAL_PAUSE_FIRST`].
const DIAL_PAUSE_MAX: Duration = Duration::from_secs(2);

/// Frames from the parent.
pub(super) type FromParent = BoxStream<'static, Result<Vec<ParentFrame>, LinkError>>;

/// Reaches the parent, as often as it takes; whoever waits for it has a deadline.
pub(super) async fn dial(path: PathBuf) -> Channel {
    let mut pause = DIAL_PAUSE_FIRST;
    loop {
        match connect(path.clone()).await {
            Ok(channel) => return channel,
            Err(error) => tracing::debug!(%error, "cannot reach the parent"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(DIAL_PAUSE_MAX);
    }
}

async fn connect(path: PathBuf) -> Result<Channel, tonic::transport::Error> {
    // The authority is of no use on a unix socket, but HTTP wants one.
    Endpoint::from_static("http://parent")
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .connect_with_connector(service_fn(move |_| {
            let path = path.clone();
            async move { UnixStream::connect(path).await.map(TokioIo::new) }
        }))
        .await
}

/// Opens the session: `frames` go to the parent, and its frames come back.
pub(super) async fn attach(
    channel: Channel,
    frames: impl Stream<Item = Vec<RunnerFrame>> + Send + 'static,
) -> Result<FromParent, tonic::Status> {
    let mut client = ParentClient::new(channel)
        .max_decoding_message_size(MAX_MESSAGE_BYTES)
        .max_encoding_message_size(MAX_MESSAGE_BYTES);
    let answers = client
        .attach(frames.map(convert::encode_runner))
        .await?
        .into_inner();
    let answers = answers.map(|batch| {
        convert::decode_parent(batch.map_err(LinkError::Transport)?).map_err(LinkError::Protocol)
    });
    Ok(answers.boxed())
}

/// Opens the bulk connection of the session whose key this is.
pub(super) async fn open_bulk(path: PathBuf, key: Bytes) -> io::Result<UnixStream> {
    let mut connection = UnixStream::connect(path).await?;
    connection
        .write_all(&Header::open(key.len() as u32).encode())
        .await?;
    connection.write_all(&key).await?;
    Ok(connection)
}

/// Where the parent's two sockets are.
pub(super) fn socket_paths(parent: &ParentInfo) -> Result<(PathBuf, PathBuf), ServeError> {
    match (&parent.attach, &parent.bulk) {
        (Address::Unix(attach), Address::Unix(bulk)) => Ok((attach.clone(), bulk.clone())),
        (address @ Address::Tcp(_), _) | (_, address @ Address::Tcp(_)) => {
            Err(ServeError::Unreachable {
                address: address.to_string(),
            })
        }
    }
}
