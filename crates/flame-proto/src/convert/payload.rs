//! Payloads, which travel in both directions.

use super::Decoded;
use super::field::required;
use crate::frame::{Payload, Segment};
use crate::v1;

pub(super) fn encode_payload(payload: Payload) -> v1::Payload {
    use v1::payload::Head;
    let head = match payload.head {
        Segment::Inline(bytes) => Head::Inline(bytes),
        Segment::Bulk { id, size } => Head::Bulk(encode_bulk_ref(id, size)),
    };
    let blobs = payload.blobs.into_iter().map(encode_segment).collect();
    v1::Payload {
        head: Some(head),
        blobs,
    }
}

pub(super) fn decode_payload(
    field: &'static str,
    payload: Option<v1::Payload>,
) -> Decoded<Payload> {
    use v1::payload::Head;
    let payload = required(field, payload)?;
    let head = match required("Payload.head", payload.head)? {
        Head::Inline(bytes) => Segment::Inline(bytes),
        Head::Bulk(bulk) => decode_bulk_ref(&bulk),
    };
    let blobs = payload
        .blobs
        .into_iter()
        .map(decode_segment)
        .collect::<Decoded<_>>()?;
    Ok(Payload { head, blobs })
}

fn encode_segment(segment: Segment) -> v1::Segment {
    use v1::segment::Data;
    let data = match segment {
        Segment::Inline(bytes) => Data::Inline(bytes),
        Segment::Bulk { id, size } => Data::Bulk(encode_bulk_ref(id, size)),
    };
    v1::Segment { data: Some(data) }
}

fn decode_segment(segment: v1::Segment) -> Decoded<Segment> {
    use v1::segment::Data;
    Ok(match required("Segment.data", segment.data)? {
        Data::Inline(bytes) => Segment::Inline(bytes),
        Data::Bulk(bulk) => decode_bulk_ref(&bulk),
    })
}

fn encode_bulk_ref(id: u64, size: u64) -> v1::BulkRef {
    v1::BulkRef {
        id,
        size_bytes: size,
    }
}

fn decode_bulk_ref(bulk: &v1::BulkRef) -> Segment {
    Segment::Bulk {
        id: bulk.id,
        size: bulk.size_bytes,
    }
}
