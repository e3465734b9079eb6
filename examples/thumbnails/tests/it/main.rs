//! Tells what the example does with good pictures, bad ones and none.
#![allow(clippy::unwrap_used, reason = "a failing test should stop at once")]

mod arguments;
mod hostile;
mod orientation;
mod program;
mod report;
mod roster;
mod sheet;
mod source;
mod thumbnail;
mod video;

use std::path::PathBuf;

/// The pictures that ship with the example and are sound.
const SOUND: [&str; 9] = [
    "astronaut.png",
    "brick.png",
    "cell.png",
    "chelsea.png",
    "coffee.png",
    "gravel.png",
    "hubble_deep_field.jpg",
    "retina.jpg",
    "rocket.jpg",
];

/// The folder with the pictures that ship with the example.
fn shipped() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/pictures"))
}

/// The bytes of a picture that ships with the example.
fn picture(name: &str) -> Vec<u8> {
    std::fs::read(shipped().join(name)).unwrap()
}
