//! Frames of our own over a socket: length, number, deed, payload.

use std::future::poll_fn;
use std::sync::Arc;

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::calls::{Calls, answer};
use crate::link::{Door, Link};
use crate::outbox::Outbox;
use crate::wire::Frame;

const HEADER: usize = 16;
/// A payload above this is written from where it is and read to where it stays.
const LARGE: usize = 32 << 10;

pub(crate) async fn accept(door: &Door) -> anyhow::Result<Arc<Calls>> {
    let (reader, writer) = door.accept().await?.into_halves();
    let calls = Arc::new(Calls::default());
    tokio::spawn(write_all(writer, calls.outbox.clone()));
    let there = calls.clone();
    tokio::spawn(async move {
        let outcome = read_all(reader, |frame| there.answered(frame)).await;
        there.lost();
        outcome
    });
    Ok(calls)
}

pub(crate) async fn serve(parent: &str) -> anyhow::Result<()> {
    let (reader, writer) = Link::to(parent).await?.into_halves();
    let outbox = Arc::new(Outbox::default());
    tokio::spawn(write_all(writer, outbox.clone()));
    read_all(reader, |frame| answer(&outbox, frame)).await
}

async fn write_all(mut writer: impl AsyncWrite + Unpin, outbox: Arc<Outbox>) -> anyhow::Result<()> {
    let mut buffer = BytesMut::with_capacity(2 * LARGE);
    loop {
        poll_fn(|cx| outbox.poll_ready(cx)).await;
        // Tasks that are ready to run have more to write: with a write for each frame, 64 callers get a quarter of
        // the calls, and one caller is no faster.
        tokio::task::yield_now().await;
        for frame in outbox.take() {
            buffer.put_u32(frame.payload.len().try_into()?);
            buffer.put_u64(frame.id);
            buffer.put_u32(frame.deed);
            if frame.payload.len() <= LARGE {
                buffer.put_slice(&frame.payload);
                continue;
            }
            writer.write_all(&buffer).await?;
            buffer.clear();
            writer.write_all(&frame.payload).await?;
        }
        writer.write_all(&buffer).await?;
        buffer.clear();
    }
}

/// Until the other side has gone.
async fn read_all(
    mut reader: impl AsyncRead + Unpin,
    mut hear: impl FnMut(Frame),
) -> anyhow::Result<()> {
    let mut buffer = BytesMut::with_capacity(2 * LARGE);
    loop {
        while buffer.len() >= HEADER {
            let mut header = &buffer[..HEADER];
            let length = header.get_u32() as usize;
            let (id, deed) = (header.get_u64(), header.get_u32());
            let payload = if length > LARGE {
                buffer.advance(HEADER);
                rest_of(&mut reader, &mut buffer, length).await?
            } else if buffer.len() >= HEADER + length {
                buffer.advance(HEADER);
                buffer.split_to(length).freeze()
            } else {
                break;
            };
            hear(Frame { id, deed, payload });
        }
        buffer.reserve(2 * LARGE);
        if reader.read_buf(&mut buffer).await? == 0 {
            return Ok(());
        }
    }
}

/// A large payload, of which the beginning may have been read.
async fn rest_of(
    reader: &mut (impl AsyncRead + Unpin),
    begun: &mut BytesMut,
    length: usize,
) -> std::io::Result<Bytes> {
    let mut payload = BytesMut::with_capacity(length);
    payload.extend_from_slice(&begun.split_to(begun.len().min(length)));
    while payload.len() < length {
        let missing = (length - payload.len()) as u64;
        if reader.take(missing).read_buf(&mut payload).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(payload.freeze())
}
