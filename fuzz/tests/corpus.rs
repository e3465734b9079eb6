//! Everything that was found once stays harmless.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a failing test should stop at once, and say how far it came"
)]

use std::fs;
use std::path::Path;

use flame_fuzz::{TARGETS, Target};

/// The configuration's target changes the working directory, so this is asked for once.
fn corpus(target: &Target) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target.name);
    let files =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

#[test]
fn what_was_found_once_stays_harmless() {
    for target in TARGETS {
        let inputs = corpus(target);
        assert!(!inputs.is_empty(), "{} has no corpus", target.name);
        for input in &inputs {
            (target.run)(input);
        }
        println!("{}: {} inputs", target.name, inputs.len());
    }
}
