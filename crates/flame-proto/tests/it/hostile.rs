//! A peer that breaks the contract gets an error, and never a panic.

use bytes::Bytes;
use flame_proto::convert::{
    MAX_EVENT_FIELDS, MAX_NAME_BYTES, MAX_TEXT_BYTES, MAX_TRACE_HEADERS, decode_parent,
    decode_runner, encode_parent, encode_runner,
};
use flame_proto::frame::{Feature, ParentFrame, Payload, RunnerFrame, Segment};
use flame_proto::{ProtocolError, Violation, v1};
use prost::Message as _;
use v1::{parent_frame, runner_frame};

use crate::dice::Dice;
use crate::samples;

#[test]
fn a_frame_of_no_kind_is_missing_its_kind() {
    let batch = v1::RunnerBatch {
        frames: vec![v1::RunnerFrame { kind: None }],
    };
    assert_eq!(
        decode_runner(batch),
        violation("RunnerFrame.kind", Violation::Missing)
    );
    let batch = v1::ParentBatch {
        frames: vec![v1::ParentFrame { kind: None }],
    };
    assert_eq!(
        decode_parent(batch),
        violation("ParentFrame.kind", Violation::Missing)
    );
}

#[test]
fn a_frame_kind_from_the_future_is_missing_its_kind() {
    // One frame whose only field has the number 200 and holds an empty message.
    let wire = [0x0a, 3, 0xc2, 0x0c, 0];
    let batch = v1::RunnerBatch::decode(wire.as_slice()).unwrap();
    assert_eq!(
        decode_runner(batch),
        violation("RunnerFrame.kind", Violation::Missing)
    );
}

#[test]
fn a_frame_kind_that_nobody_announced_is_refused_by_name() {
    use parent_frame::Kind as Parent;
    use runner_frame::Kind as Runner;
    let parent = Parent::Secret(v1::Secret::default());
    assert_eq!(
        from_a_parent(parent),
        violation("ParentFrame.secret", Violation::NotAnnounced)
    );
    let runner = Runner::Log(v1::Log::default());
    assert_eq!(
        from_a_runner(runner),
        violation("RunnerFrame.log", Violation::NotAnnounced)
    );
}

#[test]
fn news_of_a_channel_must_be_whole() {
    use parent_frame::Kind;
    let broken = [
        (
            Kind::PortItem(v1::PortItem::default()),
            "PortItem.item",
            Violation::Missing,
        ),
        (
            Kind::PortClose(v1::PortClose::default()),
            "PortClose.reason",
            Violation::UnknownValue(0),
        ),
    ];
    for (kind, field, expected) in broken {
        assert_eq!(from_a_parent(kind), violation(field, expected));
    }
}

#[test]
fn an_event_has_a_level_and_fields_within_bounds() {
    let event = |fields| v1::Event {
        level: v1::Level::Info.into(),
        fields,
        ..v1::Event::default()
    };
    let heavy = v1::Header {
        name: "n".into(),
        value: "x".repeat(MAX_TEXT_BYTES),
    };
    let broken = [
        (
            v1::Event::default(),
            "Event.level",
            Violation::UnknownValue(0),
        ),
        (
            event(vec![v1::Header::default(); MAX_EVENT_FIELDS + 1]),
            "Event.fields",
            Violation::TooLong {
                length: MAX_EVENT_FIELDS + 1,
                limit: MAX_EVENT_FIELDS,
            },
        ),
        (
            event(vec![heavy]),
            "Event.fields",
            Violation::TooLong {
                length: MAX_TEXT_BYTES + 1,
                limit: MAX_TEXT_BYTES,
            },
        ),
    ];
    for (event, field, expected) in broken {
        assert_eq!(
            from_a_runner(runner_frame::Kind::Event(event)),
            violation(field, expected)
        );
    }
}

#[test]
fn features_of_a_later_version_are_left_out() {
    let mut batch = encode_runner(vec![RunnerFrame::Hello(samples::hello())]);
    let Some(runner_frame::Kind::Hello(hello)) = &mut batch.frames[0].kind else {
        panic!("not a hello");
    };
    hello.features = vec!["telepathy".into(), "ports".into()];
    let heard = decode_runner(batch).unwrap();
    let [RunnerFrame::Hello(hello)] = heard.as_slice() else {
        panic!("heard {heard:?}");
    };
    assert_eq!(hello.features.iter().collect::<Vec<_>>(), [Feature::Ports]);
}

type Breakage = fn(&mut v1::Call);

#[test]
fn a_call_must_be_whole() {
    let broken: [(Breakage, &str, Violation); 9] = [
        (|call| call.task = None, "Call.task", Violation::Missing),
        (
            |call| call.arguments = None,
            "Call.arguments",
            Violation::Missing,
        ),
        (
            |call| head(call).head = None,
            "Payload.head",
            Violation::Missing,
        ),
        (
            |call| head(call).blobs.push(v1::Segment { data: None }),
            "Segment.data",
            Violation::Missing,
        ),
        (
            |call| call.link = 0,
            "Call.link",
            Violation::UnknownValue(0),
        ),
        (
            |call| call.link = 77,
            "Call.link",
            Violation::UnknownValue(77),
        ),
        (|call| call.attempt = 0, "Call.attempt", Violation::Zero),
        (
            |call| call.announce = 77,
            "Call.announce",
            Violation::UnknownValue(77),
        ),
        (
            |call| call.trace = vec![v1::Header::default(); MAX_TRACE_HEADERS + 1],
            "Call.trace",
            Violation::TooLong {
                length: MAX_TRACE_HEADERS + 1,
                limit: MAX_TRACE_HEADERS,
            },
        ),
    ];
    for (break_it, field, expected) in broken {
        let mut call = wire_call();
        break_it(&mut call);
        assert_eq!(
            from_a_parent(parent_frame::Kind::Call(call)),
            violation(field, expected)
        );
    }
}

#[test]
fn a_welcome_without_a_heartbeat_is_refused() {
    let mut batch = encode_parent(vec![ParentFrame::Welcome(samples::welcome())]);
    let Some(parent_frame::Kind::Welcome(welcome)) = &mut batch.frames[0].kind else {
        panic!("not a welcome");
    };
    welcome.heartbeat_every_us = 0;
    assert_eq!(
        decode_parent(batch),
        violation("Welcome.heartbeat_every_us", Violation::Zero)
    );
}

#[test]
fn endless_texts_are_refused() {
    let goodbye = v1::Goodbye {
        code: 0,
        reason: "x".repeat(MAX_TEXT_BYTES + 1),
    };
    let too_long = Violation::TooLong {
        length: MAX_TEXT_BYTES + 1,
        limit: MAX_TEXT_BYTES,
    };
    assert_eq!(
        from_a_runner(runner_frame::Kind::Goodbye(goodbye)),
        violation("Goodbye.reason", too_long)
    );

    let mut batch = encode_runner(vec![RunnerFrame::Hello(samples::hello())]);
    let Some(runner_frame::Kind::Hello(hello)) = &mut batch.frames[0].kind else {
        panic!("not a hello");
    };
    hello.boot = "x".repeat(MAX_NAME_BYTES + 1);
    let too_long = Violation::TooLong {
        length: MAX_NAME_BYTES + 1,
        limit: MAX_NAME_BYTES,
    };
    assert_eq!(decode_runner(batch), violation("Hello.boot", too_long));
}

#[test]
fn a_length_beyond_the_message_does_not_decode() {
    // A field of nearly four gigabytes in a message of seven bytes.
    let wire = [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 0];
    assert!(v1::ParentBatch::decode(wire.as_slice()).is_err());
    assert!(v1::RunnerBatch::decode(wire.as_slice()).is_err());
}

#[test]
fn parts_that_claim_to_be_endless_do_not_wrap_to_a_small_payload() {
    let endless = Segment::Bulk {
        id: 1,
        size: u64::MAX,
    };
    let payload = Payload {
        head: endless.clone(),
        blobs: vec![endless, Segment::Inline(Bytes::from_static(b"x"))],
    };
    assert_eq!(payload.size(), u64::MAX);
}

#[test]
fn random_bytes_never_panic() {
    for seed in 0..20_000 {
        let noise = Dice::new(seed).bytes(200);
        survive(&noise);
    }
}

#[test]
fn valid_batches_with_a_flipped_or_missing_byte_never_panic() {
    let parent = encode_parent(samples::parent_frames()).encode_to_vec();
    let runner = encode_runner(samples::runner_frames()).encode_to_vec();
    for valid in [parent, runner] {
        for at in 0..valid.len() {
            survive(&valid[..at]);
            for flip in [0x01, 0x80, 0xff] {
                let mut changed = valid.clone();
                changed[at] ^= flip;
                survive(&changed);
            }
        }
    }
}

#[test]
fn an_error_says_where_and_why() {
    let error = from_a_runner(runner_frame::Kind::Log(v1::Log::default())).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`RunnerFrame.log` was sent to a side that did not announce it"
    );
    let done = v1::Done {
        call: 1,
        output: None,
        ran_for_us: 0,
        residents: Vec::new(),
    };
    let error = from_a_runner(runner_frame::Kind::Done(done)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`Done.output` is missing or of an unknown kind"
    );
}

/// Whatever decodes is sound enough to be encoded and understood again.
fn survive(wire: &[u8]) {
    if let Ok(Ok(frames)) = v1::ParentBatch::decode(wire).map(decode_parent) {
        assert_eq!(
            decode_parent(encode_parent(frames.clone())).unwrap(),
            frames
        );
    }
    if let Ok(Ok(frames)) = v1::RunnerBatch::decode(wire).map(decode_runner) {
        assert_eq!(
            decode_runner(encode_runner(frames.clone())).unwrap(),
            frames
        );
    }
}

fn from_a_parent(kind: parent_frame::Kind) -> Result<Vec<ParentFrame>, ProtocolError> {
    decode_parent(v1::ParentBatch {
        frames: vec![v1::ParentFrame { kind: Some(kind) }],
    })
}

fn from_a_runner(kind: runner_frame::Kind) -> Result<Vec<RunnerFrame>, ProtocolError> {
    decode_runner(v1::RunnerBatch {
        frames: vec![v1::RunnerFrame { kind: Some(kind) }],
    })
}

fn wire_call() -> v1::Call {
    let [frame] = encode_parent(vec![ParentFrame::Call(samples::call())])
        .frames
        .try_into()
        .unwrap();
    let Some(parent_frame::Kind::Call(call)) = frame.kind else {
        panic!("not a call");
    };
    call
}

fn head(call: &mut v1::Call) -> &mut v1::Payload {
    call.arguments.as_mut().unwrap()
}

fn violation<T>(field: &'static str, violation: Violation) -> Result<T, ProtocolError> {
    Err(ProtocolError { field, violation })
}
