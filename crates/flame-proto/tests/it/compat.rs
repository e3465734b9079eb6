//! Frames of every released version are still understood.
//!
//! `compat/v1.hex` holds a frame of every kind, one a line. Lines are added and never changed: a line that
//! has to change means that the two sides of a rolling upgrade do not understand each other.

use expect_test::expect_file;
use flame_proto::convert::{decode_parent, decode_runner, encode_parent, encode_runner};
use flame_proto::frame::{ParentFrame, RunnerFrame};
use flame_proto::v1;
use prost::Message as _;

use crate::samples;

const COMMITTED: &str = include_str!("compat/v1.hex");

#[test]
fn frames_of_version_1_still_decode() {
    let parent = committed("parent").map(|wire| {
        let [frame] = decode_parent(v1::ParentBatch::decode(wire.as_slice()).unwrap())
            .unwrap()
            .try_into()
            .unwrap();
        frame
    });
    assert_eq!(
        parent.collect::<Vec<ParentFrame>>(),
        samples::parent_frames()
    );
    let runner = committed("runner").map(|wire| {
        let [frame] = decode_runner(v1::RunnerBatch::decode(wire.as_slice()).unwrap())
            .unwrap()
            .try_into()
            .unwrap();
        frame
    });
    assert_eq!(
        runner.collect::<Vec<RunnerFrame>>(),
        samples::runner_frames()
    );
}

#[test]
fn frames_of_version_1_are_written_as_they_always_were() {
    let parent = samples::parent_frames().into_iter();
    let parent = parent.map(|frame| ("parent", encode_parent(vec![frame]).encode_to_vec()));
    let runner = samples::runner_frames().into_iter();
    let runner = runner.map(|frame| ("runner", encode_runner(vec![frame]).encode_to_vec()));
    let written: String = parent
        .chain(runner)
        .map(|(side, wire)| format!("{side} {}\n", to_hex(&wire)))
        .collect();
    expect_file!["compat/v1.hex"].assert_eq(&written);
}

fn committed(side: &str) -> impl Iterator<Item = Vec<u8>> {
    let lines = COMMITTED
        .lines()
        .filter_map(move |line| line.strip_prefix(side));
    lines.map(|hex| from_hex(hex.trim()))
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(hex: &str) -> Vec<u8> {
    let digits: Vec<u32> = hex.chars().map(|c| c.to_digit(16).unwrap()).collect();
    digits
        .chunks_exact(2)
        .map(|pair| (pair[0] * 16 + pair[1]) as u8)
        .collect()
}
