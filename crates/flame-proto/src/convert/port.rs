//! Channels, which are the same in both directions.

use flame_core::CallId;

use super::Decoded;
use super::payload::{decode_payload, encode_payload};
use crate::frame::{PortCloseReason, PortFrame, PortNews};
use crate::protocol_error::{ProtocolError, Violation};
use crate::v1;

pub(super) enum Wire {
    Item(v1::PortItem),
    Credit(v1::PortCredit),
    Close(v1::PortClose),
}

pub(super) fn encode_port(frame: PortFrame) -> Wire {
    let (call, port) = (frame.call.0, frame.port);
    match frame.news {
        PortNews::Item(item) => Wire::Item(v1::PortItem {
            call,
            port,
            item: Some(encode_payload(item)),
        }),
        PortNews::Credit { bytes } => Wire::Credit(v1::PortCredit { call, port, bytes }),
        PortNews::Close(reason) => Wire::Close(v1::PortClose {
            call,
            port,
            reason: encode_reason(reason).into(),
        }),
    }
}

pub(super) fn decode_item(item: v1::PortItem) -> Decoded<PortFrame> {
    Ok(PortFrame {
        call: CallId(item.call),
        port: item.port,
        news: PortNews::Item(decode_payload("PortItem.item", item.item)?),
    })
}

pub(super) fn decode_credit(credit: &v1::PortCredit) -> PortFrame {
    PortFrame {
        call: CallId(credit.call),
        port: credit.port,
        news: PortNews::Credit {
            bytes: credit.bytes,
        },
    }
}

pub(super) fn decode_close(close: &v1::PortClose) -> Decoded<PortFrame> {
    Ok(PortFrame {
        call: CallId(close.call),
        port: close.port,
        news: PortNews::Close(decode_reason(close.reason)?),
    })
}

fn encode_reason(reason: PortCloseReason) -> v1::PortCloseReason {
    match reason {
        PortCloseReason::Finished => v1::PortCloseReason::Finished,
        PortCloseReason::Unwanted => v1::PortCloseReason::Unwanted,
        PortCloseReason::Codec => v1::PortCloseReason::Codec,
        PortCloseReason::Lost => v1::PortCloseReason::Lost,
    }
}

fn decode_reason(reason: i32) -> Decoded<PortCloseReason> {
    match v1::PortCloseReason::try_from(reason) {
        Ok(v1::PortCloseReason::Finished) => Ok(PortCloseReason::Finished),
        Ok(v1::PortCloseReason::Unwanted) => Ok(PortCloseReason::Unwanted),
        Ok(v1::PortCloseReason::Codec) => Ok(PortCloseReason::Codec),
        Ok(v1::PortCloseReason::Lost) => Ok(PortCloseReason::Lost),
        Ok(v1::PortCloseReason::Unspecified) | Err(_) => Err(ProtocolError::new(
            "PortClose.reason",
            Violation::UnknownValue(reason),
        )),
    }
}
