//! Names with values: trace context, and the fields of events.

use super::field::{name, text, within};
use super::{Decoded, MAX_EVENT_FIELDS, MAX_NAME_BYTES, MAX_TEXT_BYTES, MAX_TRACE_HEADERS};
use crate::v1;

/// Headers that the peer would not accept are left out: tracing is never worth a session.
pub(super) fn encode_trace(trace: Vec<(String, String)>) -> Vec<v1::Header> {
    let fits = |(name, value): &(String, String)| {
        name.len() <= MAX_NAME_BYTES && value.len() <= MAX_NAME_BYTES
    };
    encode(trace.into_iter().filter(fits).take(MAX_TRACE_HEADERS))
}

pub(super) fn decode_trace(trace: Vec<v1::Header>) -> Decoded<Vec<(String, String)>> {
    within("Call.trace", trace.len(), MAX_TRACE_HEADERS)?;
    let headers = trace.into_iter();
    headers
        .map(|header| {
            Ok((
                name("Header.name", header.name)?,
                name("Header.value", header.value)?,
            ))
        })
        .collect()
}

/// Fields share the room of one text: what the peer would not accept is left out or clipped.
pub(super) fn encode_fields(fields: Vec<(String, String)>) -> Vec<v1::Header> {
    let mut room = MAX_TEXT_BYTES;
    let fits = |(name, _): &(String, String)| name.len() <= MAX_NAME_BYTES;
    let clipped = fields
        .into_iter()
        .filter(fits)
        .map_while(|(name, mut value)| {
            room = room.checked_sub(name.len())?;
            value.truncate(value.floor_char_boundary(room));
            room -= value.len();
            Some((name, value))
        });
    encode(clipped.take(MAX_EVENT_FIELDS))
}

pub(super) fn decode_fields(fields: Vec<v1::Header>) -> Decoded<Vec<(String, String)>> {
    within("Event.fields", fields.len(), MAX_EVENT_FIELDS)?;
    let all: usize = fields
        .iter()
        .map(|field| field.name.len() + field.value.len())
        .sum();
    within("Event.fields", all, MAX_TEXT_BYTES)?;
    let headers = fields.into_iter();
    headers
        .map(|header| {
            Ok((
                name("Header.name", header.name)?,
                text("Header.value", header.value)?,
            ))
        })
        .collect()
}

fn encode(headers: impl Iterator<Item = (String, String)>) -> Vec<v1::Header> {
    headers
        .map(|(name, value)| v1::Header { name, value })
        .collect()
}
