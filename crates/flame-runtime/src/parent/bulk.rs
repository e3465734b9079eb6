use std::io;

use flame_proto::bulk::{HEADER_LEN, Header, Place};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::admission::Admission;
use super::boots::Boots;
use super::handshake::HELLO_TIMEOUT;
use super::turned_away::has_left;
use crate::link::Socket;
use crate::pool::Refusal;
use crate::threads::Threads;

/// Serves a bulk connection until it ends, if it shows the key of a session.
pub(super) async fn serve(
    connection: Socket,
    admission: Admission,
    boots: &Boots,
    threads: &Threads,
) {
    if let Err(error) = open(connection, &admission, boots).await {
        if has_left(&error) {
            return tracing::debug!(%error, "a bulk connection came to nothing");
        }
        let refusal = if error.kind() == io::ErrorKind::PermissionDenied {
            Refusal::BulkKey
        } else {
            Refusal::NoHello
        };
        let turned_away = boots.turned_away();
        turned_away.stranger(refusal, admission.from(), Some(&error), threads);
    }
}

async fn open(mut connection: Socket, admission: &Admission, boots: &Boots) -> io::Result<()> {
    let key = tokio::time::timeout(HELLO_TIMEOUT, read_key(&mut connection));
    let key = tokio::select! {
        key = key => key??,
        _ = admission.overdue() => return Err(io::ErrorKind::TimedOut.into()),
    };
    let awaited = boots.redeem_bulk(&key, admission.peer());
    let Some((bulk, peer_loss_after)) =
        awaited.and_then(|awaited| Some((awaited.bulk.upgrade()?, awaited.peer_loss_after)))
    else {
        return Err(io::ErrorKind::PermissionDenied.into());
    };
    admission.admit(bulk.end(), peer_loss_after);
    bulk.run(connection).await;
    Ok(())
}

async fn read_key(connection: &mut (impl AsyncRead + Unpin)) -> io::Result<[u8; 32]> {
    let mut header = [0; HEADER_LEN];
    connection.read_exact(&mut header).await?;
    let header = Header::decode(header, Place::First).map_err(io::Error::other)?;
    let mut key = [0; 32];
    if header.len as usize != key.len() {
        return Err(io::Error::other("the key of a session has another length"));
    }
    connection.read_exact(&mut key).await?;
    Ok(key)
}
