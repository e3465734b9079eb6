//! What a runner tells about itself.

use flame_core::CallId;

use super::Decoded;
use super::field::{clip, clip_name, from_us, name, text, to_us};
use super::header::{decode_fields, encode_fields};
use crate::frame::{Level, RunnerEvent};
use crate::protocol_error::{ProtocolError, Violation};
use crate::v1;

pub(super) fn encode_event(event: RunnerEvent) -> v1::Event {
    v1::Event {
        call: event.call.map(|call| call.0),
        happened_at_us: to_us(event.happened_at),
        level: encode_level(event.level).into(),
        target: clip_name(event.target),
        message: clip(event.message),
        fields: encode_fields(event.fields),
        dropped: event.dropped,
    }
}

pub(super) fn decode_event(event: v1::Event) -> Decoded<RunnerEvent> {
    Ok(RunnerEvent {
        call: event.call.map(CallId),
        happened_at: from_us(event.happened_at_us),
        level: decode_level(event.level)?,
        target: name("Event.target", event.target)?,
        message: text("Event.message", event.message)?,
        fields: decode_fields(event.fields)?,
        dropped: event.dropped,
    })
}

fn encode_level(level: Level) -> v1::Level {
    match level {
        Level::Trace => v1::Level::Trace,
        Level::Debug => v1::Level::Debug,
        Level::Info => v1::Level::Info,
        Level::Warn => v1::Level::Warn,
        Level::Error => v1::Level::Error,
    }
}

fn decode_level(level: i32) -> Decoded<Level> {
    match v1::Level::try_from(level) {
        Ok(v1::Level::Trace) => Ok(Level::Trace),
        Ok(v1::Level::Debug) => Ok(Level::Debug),
        Ok(v1::Level::Info) => Ok(Level::Info),
        Ok(v1::Level::Warn) => Ok(Level::Warn),
        Ok(v1::Level::Error) => Ok(Level::Error),
        Ok(v1::Level::Unspecified) | Err(_) => Err(ProtocolError::new(
            "Event.level",
            Violation::UnknownValue(level),
        )),
    }
}
