//! One program for every target: `FLAME_FUZZ_TARGET` names it.

#![no_main]

use std::sync::LazyLock;

use flame_fuzz::{TARGETS, Target};

static CHOSEN: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("FLAME_FUZZ_TARGET").expect("FLAME_FUZZ_TARGET names a target");
    let target = TARGETS.iter().find(|target| target.name == name);
    target.unwrap_or_else(|| panic!("there is no target {name}"))
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| (CHOSEN.run)(bytes));
