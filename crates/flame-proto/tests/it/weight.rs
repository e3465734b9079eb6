//! A batch that a writer takes for full is one that a reader accepts.

use flame_core::CallId;
use flame_proto::bulk::INLINE_LIMIT;
use flame_proto::convert::{
    MAX_NAME_BYTES, MAX_TEXT_BYTES, MAX_TRACE_HEADERS, encode_parent, encode_runner,
};
use flame_proto::frame::{Failure, PanicReport, ParentFrame, RunnerFrame, Segment, TaskRef};
use flame_proto::weight::{BATCH_WEIGHT, MAX_MESSAGE_BYTES, Weigh as _};
use prost::Message as _;

use crate::dice::Dice;
use crate::samples;

#[test]
fn no_frame_takes_more_than_it_weighs() {
    for seed in 0..5_000 {
        let mut dice = Dice::new(seed);
        let frame = dice.parent_frame();
        let weight = frame.weight();
        let length = encode_parent(vec![frame]).encoded_len();
        assert!(
            length <= weight,
            "seed {seed}: {length} bytes weigh {weight}"
        );
        let frame = dice.runner_frame();
        let weight = frame.weight();
        let length = encode_runner(vec![frame]).encoded_len();
        assert!(
            length <= weight,
            "seed {seed}: {length} bytes weigh {weight}"
        );
    }
}

#[test]
fn the_heaviest_frames_fit_a_message_beside_a_full_batch() {
    let mut call = samples::call();
    call.task = TaskRef::Named {
        name: "x".repeat(MAX_NAME_BYTES),
        fingerprint: 0,
    };
    call.trace = vec![("x".repeat(MAX_NAME_BYTES), "x".repeat(MAX_NAME_BYTES)); MAX_TRACE_HEADERS];
    call.arguments.head = Segment::Inline(vec![0; INLINE_LIMIT as usize].into());
    let text = "x".repeat(MAX_TEXT_BYTES);
    let panic = PanicReport {
        message: text.clone(),
        location: Some(text.clone()),
        backtrace: Some(text),
    };
    let failed = RunnerFrame::Failed {
        call: CallId(1),
        failure: Failure::Panicked(panic),
    };
    for weight in [ParentFrame::Call(call).weight(), failed.weight()] {
        assert!(BATCH_WEIGHT + weight <= MAX_MESSAGE_BYTES / 4, "{weight}");
    }
}
