//! Batches of frames, and the hello among them.

use flame_proto::frame::RunnerFrame;
use flame_proto::hello::{self, OurSide};
use flame_proto::{convert, v1};
use prost::Message as _;

/// A batch that a runner takes in.
pub(crate) fn from_a_parent(bytes: &[u8]) {
    let Ok(batch) = v1::ParentBatch::decode(bytes) else {
        return;
    };
    if let Ok(frames) = convert::decode_parent(batch) {
        let again = convert::encode_parent(frames.clone());
        assert_eq!(convert::decode_parent(again), Ok(frames));
    }
}

/// A batch that a parent takes in.
pub(crate) fn from_a_runner(bytes: &[u8]) {
    let Ok(batch) = v1::RunnerBatch::decode(bytes) else {
        return;
    };
    let Ok(frames) = convert::decode_runner(batch) else {
        return;
    };
    for frame in &frames {
        if let RunnerFrame::Hello(hello) = frame {
            let fits = hello::check(hello, &OurSide::new("this build"));
            assert!(fits.is_err() || hello.build == "this build");
        }
    }
    let again = convert::encode_runner(frames.clone());
    assert_eq!(convert::decode_runner(again), Ok(frames));
}
