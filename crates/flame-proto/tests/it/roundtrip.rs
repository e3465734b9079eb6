//! What one side says is what the other side hears.

use std::collections::BTreeSet;
use std::mem::Discriminant;
use std::time::Duration;

use bytes::Bytes;
use flame_core::CallId;
use flame_proto::convert::{
    MAX_TEXT_BYTES, MAX_TRACE_HEADERS, decode_parent, decode_runner, encode_parent, encode_runner,
};
use flame_proto::frame::{Failure, PanicReport, ParentFrame, RunnerFrame, Segment};
use flame_proto::v1;
use prost::Message as _;

use crate::dice::Dice;
use crate::samples;

const SEEDS: u64 = 5_000;

#[test]
fn random_batches_of_a_parent_arrive_unchanged() {
    for seed in 0..SEEDS {
        let mut dice = Dice::new(seed);
        let said: Vec<_> = (0..dice.below(6)).map(|_| dice.parent_frame()).collect();
        assert_eq!(
            through_the_wire_from_parent(said.clone()),
            said,
            "seed {seed}"
        );
    }
}

#[test]
fn random_batches_of_a_runner_arrive_unchanged() {
    for seed in 0..SEEDS {
        let mut dice = Dice::new(seed);
        let said: Vec<_> = (0..dice.below(6)).map(|_| dice.runner_frame()).collect();
        assert_eq!(
            through_the_wire_from_runner(said.clone()),
            said,
            "seed {seed}"
        );
    }
}

#[test]
fn the_dice_know_every_frame() {
    let mut dice = Dice::new(7);
    let rolled: Vec<_> = (0..1_000).map(|_| dice.parent_frame()).collect();
    assert_eq!(kinds(&rolled), kinds(&samples::parent_frames()));
    let rolled: Vec<_> = (0..1_000).map(|_| dice.runner_frame()).collect();
    assert_eq!(kinds(&rolled), kinds(&samples::runner_frames()));
}

#[test]
fn a_text_for_people_is_clipped_at_a_character_and_still_arrives() {
    let endless = "🔥".repeat(MAX_TEXT_BYTES);
    let said = RunnerFrame::Failed {
        call: CallId(1),
        failure: Failure::Panicked(PanicReport {
            message: format!("a{endless}"),
            location: None,
            backtrace: Some(endless),
        }),
    };
    let heard = through_the_wire_from_runner(vec![said]);
    let [
        RunnerFrame::Failed {
            failure: Failure::Panicked(panic),
            ..
        },
    ] = heard.as_slice()
    else {
        panic!("heard {heard:?}");
    };
    assert_eq!(panic.message.len(), MAX_TEXT_BYTES - 3);
    assert_eq!(panic.backtrace.as_ref().unwrap().len(), MAX_TEXT_BYTES);
}

#[test]
fn tracing_headers_beyond_the_limit_are_left_out_and_the_call_arrives() {
    let mut call = samples::call();
    call.trace = (0..100).map(|n| (format!("h{n}"), String::new())).collect();
    call.trace[0].1 = "x".repeat(MAX_TEXT_BYTES + 1);
    let heard = through_the_wire_from_parent(vec![ParentFrame::Call(call)]);
    let [ParentFrame::Call(call)] = heard.as_slice() else {
        panic!("heard {heard:?}");
    };
    assert_eq!(call.trace.len(), MAX_TRACE_HEADERS);
    assert_eq!(call.trace[0].0, "h1");
}

#[test]
fn a_duration_is_rounded_up_and_a_huge_one_saturates() {
    let drain = |timeout| {
        let heard = through_the_wire_from_parent(vec![ParentFrame::Drain { timeout }]);
        let [ParentFrame::Drain { timeout }] = heard.as_slice() else {
            panic!("heard {heard:?}");
        };
        *timeout
    };
    assert_eq!(drain(Duration::from_nanos(1)), Duration::from_micros(1));
    assert_eq!(drain(Duration::ZERO), Duration::ZERO);
    assert_eq!(drain(Duration::MAX), Duration::from_micros(u64::MAX));
}

#[test]
fn bytes_that_arrive_are_not_copied() {
    let mut call = samples::call();
    call.arguments.head = Segment::Inline(Bytes::from(vec![7; 1_000]));
    let batch = encode_parent(vec![ParentFrame::Call(call)]);
    let wire = Bytes::from(batch.encode_to_vec());
    let heard = decode_parent(v1::ParentBatch::decode(wire.clone()).unwrap()).unwrap();
    let [ParentFrame::Call(call)] = heard.as_slice() else {
        panic!("heard {heard:?}");
    };
    let Segment::Inline(arguments) = &call.arguments.head else {
        panic!("heard {call:?}");
    };
    assert!(wire.as_ptr_range().contains(&arguments.as_ptr()));
}

#[test]
fn secrets_are_not_printed() {
    let frames = format!(
        "{:?}{:?}",
        samples::parent_frames(),
        samples::runner_frames()
    );
    let wire = format!(
        "{:?}{:?}",
        encode_parent(samples::parent_frames()),
        encode_runner(samples::runner_frames()),
    );
    for printed in [frames, wire] {
        assert!(!printed.contains("hush"), "{printed}");
        assert!(printed.contains("thumbnails-1"), "{printed}");
    }
}

fn through_the_wire_from_parent(frames: Vec<ParentFrame>) -> Vec<ParentFrame> {
    let wire = encode_parent(frames).encode_to_vec();
    decode_parent(v1::ParentBatch::decode(wire.as_slice()).unwrap()).unwrap()
}

fn through_the_wire_from_runner(frames: Vec<RunnerFrame>) -> Vec<RunnerFrame> {
    let wire = encode_runner(frames).encode_to_vec();
    decode_runner(v1::RunnerBatch::decode(wire.as_slice()).unwrap()).unwrap()
}

fn kinds<T>(frames: &[T]) -> BTreeSet<String> {
    let kind = |frame| -> Discriminant<T> { std::mem::discriminant(frame) };
    frames
        .iter()
        .map(|frame| format!("{:?}", kind(frame)))
        .collect()
}
