use std::io;

use flame_proto::bulk::{FrameKind, HEADER_LEN, Header, Place};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::inbox::Inbox;

/// Reads chunks into the inbox until the connection ends or the peer breaks the rules.
pub(super) async fn run(mut connection: impl AsyncRead + Unpin, inbox: &Inbox) -> io::Result<()> {
    loop {
        let mut header = [0; HEADER_LEN];
        connection.read_exact(&mut header).await?;
        let header = Header::decode(header, Place::Later).map_err(io::Error::other)?;
        match header.kind {
            FrameKind::Data => {
                let len = header.len as usize;
                let mut buffer = inbox
                    .take_buffer(header.id, len)
                    .map_err(io::Error::other)?;
                let whole = buffer.len() + len;
                while buffer.len() < whole {
                    let missing = (whole - buffer.len()) as u64;
                    if (&mut connection)
                        .take(missing)
                        .read_buf(&mut buffer)
                        .await?
                        == 0
                    {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                inbox
                    .put_buffer(header.id, buffer)
                    .map_err(io::Error::other)?;
            }
            FrameKind::Reset => inbox.reset(header.id),
            // `decode` has refused a second one.
            FrameKind::Open => {}
        }
    }
}
