//! Which test shows which case of the conformance list that this backend was written after.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Cases that are about more than the client, and where they are shown.
const ELSEWHERE: &[(u32, &str)] = &[
    // A runner calls back: the whole library against the emulator.
    (19, "cargo xtask e2e"),
    // A stop that drains is the emulator's: the client destroys, and a runner drains before.
    (27, "crates/flame-fly-emulator"),
    // A killed parent: the whole library against the emulator.
    (29, "cargo xtask e2e"),
    // Other clients against the emulator.
    (40, "crates/flame-fly-emulator"),
];

/// The numbers in comments like `// C12, C15` in all sources of this crate.
fn shown(folder: &Path, cases: &mut BTreeSet<u32>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            shown(&path, cases);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let comments = text
                .lines()
                .filter_map(|line| line.trim().strip_prefix("// C"));
            for comment in comments {
                let numbers = comment.split(", C").map(str::parse::<u32>);
                cases.extend(numbers.filter_map(Result::ok));
            }
        }
    }
}

#[test]
fn every_case_is_shown_by_a_test() {
    let mut cases: BTreeSet<u32> = ELSEWHERE.iter().map(|(case, _)| *case).collect();
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    shown(&package.join("src"), &mut cases);
    shown(&package.join("tests"), &mut cases);
    let missing: Vec<u32> = (1..=40).filter(|case| !cases.contains(case)).collect();
    assert_eq!(missing, [0; 0]);
}
