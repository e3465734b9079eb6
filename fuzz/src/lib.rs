//! What is fuzzed, as plain functions from bytes to nothing: whoever panics has found something.
//!
//! `cargo xtask fuzz` lets libFuzzer look for such bytes, which takes as long as one likes. What it found once
//! stands in `corpus/`, a folder for each target, and `cargo test` repeats it.

#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a panic is how a target tells what it found"
)]

mod bulk;
mod configuration;
mod fly;
mod frames;
mod parent_text;
mod session;
mod values;

/// A target: its name, which is also that of its corpus, and what it does with bytes.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// What it is called.
    pub name: &'static str,
    /// Takes bytes from anywhere.
    pub run: fn(&[u8]),
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target {
        name: "parent_text",
        run: parent_text::run,
    },
    Target {
        name: "parent_frames",
        run: frames::from_a_parent,
    },
    Target {
        name: "runner_frames",
        run: frames::from_a_runner,
    },
    Target {
        name: "bulk_header",
        run: bulk::run,
    },
    Target {
        name: "values",
        run: values::run,
    },
    Target {
        name: "session",
        run: session::run,
    },
    Target {
        name: "configuration",
        run: configuration::run,
    },
    Target {
        name: "fly_answers",
        run: fly::run,
    },
];
