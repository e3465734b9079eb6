//! Checks of single fields.

use std::time::Duration;

use bytes::Bytes;

use super::{Decoded, MAX_FEATURES, MAX_KEY_BYTES, MAX_NAME_BYTES, MAX_TEXT_BYTES};
use crate::frame::{Feature, Features};
use crate::protocol_error::{ProtocolError, Violation};

/// A field that must be there.
pub(super) fn required<T>(field: &'static str, value: Option<T>) -> Decoded<T> {
    value.ok_or(ProtocolError::new(field, Violation::Missing))
}

/// A number that must not be zero.
pub(super) fn positive<T: Default + PartialEq>(field: &'static str, value: T) -> Decoded<T> {
    if value == T::default() {
        return Err(ProtocolError::new(field, Violation::Zero));
    }
    Ok(value)
}

/// A name: identifies something, so it is never clipped.
pub(super) fn name(field: &'static str, value: String) -> Decoded<String> {
    within(field, value.len(), MAX_NAME_BYTES)?;
    Ok(value)
}

/// A text for people.
pub(super) fn text(field: &'static str, value: String) -> Decoded<String> {
    within(field, value.len(), MAX_TEXT_BYTES)?;
    Ok(value)
}

/// A token or a session key.
pub(super) fn key(field: &'static str, value: Bytes) -> Decoded<Bytes> {
    within(field, value.len(), MAX_KEY_BYTES)?;
    Ok(value)
}

/// A length that must not exceed its limit.
pub(super) fn within(field: &'static str, length: usize, limit: usize) -> Decoded<()> {
    if length > limit {
        return Err(ProtocolError::new(
            field,
            Violation::TooLong { length, limit },
        ));
    }
    Ok(())
}

/// A frame kind that only a later version announces.
pub(super) fn not_announced<T>(field: &'static str) -> Decoded<T> {
    Err(ProtocolError::new(field, Violation::NotAnnounced))
}

/// What a side announced. Features of a later version are left out: we would not speak them.
pub(super) fn features(field: &'static str, names: &[String]) -> Decoded<Features> {
    within(field, names.len(), MAX_FEATURES)?;
    let known = names.iter().filter_map(|name| Feature::from_name(name));
    Ok(known.collect())
}

/// Cuts a name for people to what the peer accepts, at a character's boundary.
pub(super) fn clip_name(mut name: String) -> String {
    name.truncate(name.floor_char_boundary(MAX_NAME_BYTES));
    name
}

/// Cuts a text for people to what the peer accepts, at a character's boundary.
pub(super) fn clip(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(MAX_TEXT_BYTES));
    text
}

/// A duration in microseconds, rounded up: what was not zero does not become zero.
pub(super) fn to_us(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos().div_ceil(1_000)).unwrap_or(u64::MAX)
}

/// Microseconds as a duration.
pub(super) fn from_us(micros: u64) -> Duration {
    Duration::from_micros(micros)
}
