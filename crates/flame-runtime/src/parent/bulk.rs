use std::io;

use flame_proto::bulk::{HEADER_LEN, Header, Place};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::boots::Boots;
use super::handshake::HELLO_TIMEOUT;
use super::peer::Peer;
use crate::link::Socket;
use crate::pool::Refusal;
use crate::threads::Threads;

/// Serves a bulk connection until it ends, if it shows the key of a session.
pub(super) async fn serve(connection: Socket, peer: Peer, boots: &Boots, threads: &Threads) {
    if let Err(error) = open(connection, peer, boots).await {
        if error.kind() == io::ErrorKind::PermissionDenied {
            boots.refusals().count(Refusal::BulkKey, threads);
        }
        tracing::debug!(%error, "a bulk connection was refused");
    }
}

async fn open(mut connection: Socket, peer: Peer, boots: &Boots) -> io::Result<()> {
    let key = tokio::time::timeout(HELLO_TIMEOUT, read_key(&mut connection)).await??;
    let Some(bulk) = boots
        .redeem_bulk(&key, peer)
        .and_then(|bulk| bulk.upgrade())
    else {
        return Err(io::ErrorKind::PermissionDenied.into());
    };
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
