use std::io;

use flame_proto::bulk::Header;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::sender::Sender;

/// Writes chunks in turn until the sender closes.
pub(super) async fn run(mut out: impl AsyncWrite + Unpin, sender: &Sender) -> io::Result<()> {
    while let Some((id, chunk)) = sender.next().await {
        let header = Header::data(id, chunk.len() as u32).encode();
        out.write_all(&header).await?;
        out.write_all(&chunk).await?;
        // An encrypted connection keeps the end of what it was given until it is told to send it.
        out.flush().await?;
    }
    out.shutdown().await
}
