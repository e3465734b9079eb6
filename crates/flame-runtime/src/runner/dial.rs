use std::future::ready;
use std::io;
use std::time::Duration;

use flame_proto::bulk::Header;
use flame_proto::convert;
use flame_proto::frame::{ParentFrame, RunnerFrame};
use flame_proto::v1::parent_client::ParentClient;
use flame_proto::weight::MAX_MESSAGE_BYTES;
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt};
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt;
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

use super::door::Door;
use super::serve_error::ServeError;
use crate::link::tls::is_stranger;
use crate::link::{LinkError, Socket, http2};

/// The first pause between two attempts to reach the parent; it doubles up to [`DIAL_PAUSE_MAX`].
const DIAL_PAUSE_FIRST: Duration = Duration::from_millis(50);
/// See [`DIAL_PAUSE_FIRST`].
const DIAL_PAUSE_MAX: Duration = Duration::from_secs(2);

/// Frames from the parent.
pub(super) type FromParent = BoxStream<'static, Result<Vec<ParentFrame>, LinkError>>;

/// Reaches the parent, as often as it takes; whoever waits for it has a deadline.
///
/// # Errors
///
/// Somebody else answers, which will not change.
pub(super) async fn dial(door: Door) -> Result<Channel, ServeError> {
    let mut pause = DIAL_PAUSE_FIRST;
    loop {
        match door.open().await {
            Ok(socket) => match connect(socket).await {
                Ok(channel) => return Ok(channel),
                Err(error) => tracing::debug!(%error, "the parent does not speak as it should"),
            },
            Err(error) if is_stranger(&error) => {
                let address = door.to_string();
                return Err(ServeError::Stranger { address });
            }
            Err(error) => tracing::debug!(%error, "cannot reach the parent"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(DIAL_PAUSE_MAX);
    }
}

async fn connect(socket: Socket) -> Result<Channel, tonic::transport::Error> {
    // A session is never taken up again, so there is nothing to connect a second time.
    let mut socket = Some(TokioIo::new(socket));
    // The authority is of no use here, but HTTP wants one.
    http2::client(Endpoint::from_static("http://parent"))
        .connect_with_connector(service_fn(move |_| {
            let again = || io::Error::from(io::ErrorKind::NotConnected);
            ready(socket.take().ok_or_else(again))
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
        let batch = batch.map_err(|status| LinkError::of("ParentBatch", status))?;
        convert::decode_parent(batch).map_err(LinkError::Protocol)
    });
    Ok(answers.boxed())
}

/// Opens the bulk connection of the session whose key this is, as often as it takes; it is of no use
/// after the end of the session, and neither is the process.
pub(super) async fn open_bulk(door: &Door, key: &[u8]) -> Socket {
    let mut pause = DIAL_PAUSE_FIRST;
    loop {
        match try_open_bulk(door, key).await {
            Ok(connection) => return connection,
            // The parent may have had no room for one more, for a moment.
            Err(error) => tracing::debug!(%error, "the bulk connection cannot be opened"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(DIAL_PAUSE_MAX);
    }
}

async fn try_open_bulk(door: &Door, key: &[u8]) -> io::Result<Socket> {
    let mut connection = door.open().await?;
    connection
        .write_all(&Header::open(key.len() as u32).encode())
        .await?;
    connection.write_all(key).await?;
    connection.flush().await?;
    Ok(connection)
}
