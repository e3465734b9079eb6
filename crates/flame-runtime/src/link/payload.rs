use bytes::Bytes;
use flame_proto::frame;
use flame_task::{Ends, Payload};

use super::bulk::{Bulk, Collected, SegmentLost};

/// The peer named a payload that is larger than the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLarge {
    /// Its size in bytes.
    pub(crate) size: u64,
    /// The limit in bytes.
    pub(crate) limit: u64,
}

/// Turns an encoded value into its form on the wire; parts above `inline_limit` go to `bulk`.
pub(crate) fn send(payload: Payload, inline_limit: usize, bulk: &Bulk) -> frame::Payload {
    let mut room = inline_limit;
    let mut segment = |bytes: Bytes| match room.checked_sub(bytes.len()) {
        Some(rest) => {
            room = rest;
            frame::Segment::Inline(bytes)
        }
        None => {
            let size = bytes.len() as u64;
            frame::Segment::Bulk {
                id: bulk.push(bytes),
                size,
            }
        }
    };
    frame::Payload {
        head: segment(payload.head),
        blobs: payload.blobs.into_iter().map(&mut segment).collect(),
    }
}

/// A payload that a frame has named.
#[derive(Debug)]
pub(crate) enum Receiving {
    /// All of it came in the frame.
    Here(Payload),
    /// Parts of it are on their way.
    Coming(Coming),
}

/// A payload whose parts may still be on their way.
#[derive(Debug)]
pub(crate) struct Coming {
    head: Part,
    blobs: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Here(Bytes),
    Coming(Collected),
}

/// Claims the parts of a payload that a frame has named.
pub(crate) fn receive(
    payload: frame::Payload,
    max_payload: u64,
    bulk: &Bulk,
) -> Result<Receiving, TooLarge> {
    let size = payload.size();
    if size > max_payload {
        return Err(TooLarge {
            size,
            limit: max_payload,
        });
    }
    let here = |segment: &frame::Segment| match segment {
        frame::Segment::Inline(bytes) => Some(bytes.clone()),
        frame::Segment::Bulk { .. } => None,
    };
    if let Some(head) = here(&payload.head)
        && let Some(blobs) = payload.blobs.iter().map(here).collect()
    {
        return Ok(Receiving::Here(arrived(head, blobs)));
    }
    let part = |segment| match segment {
        frame::Segment::Inline(bytes) => Part::Here(bytes),
        frame::Segment::Bulk { id, size } => Part::Coming(bulk.collect(id, size)),
    };
    Ok(Receiving::Coming(Coming {
        head: part(payload.head),
        blobs: payload.blobs.into_iter().map(part).collect(),
    }))
}

fn arrived(head: Bytes, blobs: Vec<Bytes>) -> Payload {
    Payload {
        head,
        blobs,
        ends: Ends::default(),
    }
}

impl Receiving {
    /// The payload, when all of it has arrived.
    pub(crate) async fn whole(self) -> Result<Payload, SegmentLost> {
        match self {
            Self::Here(payload) => Ok(payload),
            Self::Coming(coming) => coming.whole().await,
        }
    }
}

impl Coming {
    /// The payload, when all of it has arrived.
    pub(crate) async fn whole(self) -> Result<Payload, SegmentLost> {
        let head = self.head.arrive().await?;
        let mut blobs = Vec::with_capacity(self.blobs.len());
        for part in self.blobs {
            blobs.push(part.arrive().await?);
        }
        Ok(arrived(head, blobs))
    }
}

impl Part {
    async fn arrive(self) -> Result<Bytes, SegmentLost> {
        match self {
            Self::Here(bytes) => Ok(bytes),
            Self::Coming(collected) => collected.await,
        }
    }
}
