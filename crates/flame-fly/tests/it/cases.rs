//! Which test shows which case of the conformance list that this backend was written after.
//!
//! A test says it in a comment above it: `// C12, C15`. What is about more than the client is shown where the rest is.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Where tests are that may show a case, from the folder of this package.
const PLACES: &[&str] = &[
    "src",
    "tests",
    // What the stand-in does, whoever asks.
    "../flame-fly-emulator/tests",
    // Calls in machines.
    "../flame/tests/it/fly.rs",
    // Whole programs, killed parents, clients of others: `cargo xtask e2e --backend fly`.
    "../../xtask/src/e2e",
];
/// Cases are numbered from 1.
const CASES: u32 = 40;
/// These are about more than the client, so that something of this package does not show them.
const WHOLE: [(u32, &str); 4] = [
    (19, "../flame/tests/it/fly.rs"),
    (27, "../flame-fly-emulator/tests"),
    (29, "../../xtask/src/e2e"),
    (40, "../../xtask/src/e2e"),
];

/// The files that say to show a case.
type Shown = BTreeMap<u32, Vec<String>>;

fn look_through(path: &Path, shown: &mut Shown) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            look_through(&entry.unwrap().path(), shown);
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        let text = fs::read_to_string(path).unwrap();
        let comments = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("// C"));
        for comment in comments {
            let numbers = comment.split(", C").map(str::parse::<u32>);
            for number in numbers.filter_map(Result::ok) {
                let places = shown.entry(number).or_default();
                places.push(path.display().to_string());
            }
        }
    }
}

#[test]
fn every_case_is_shown_by_a_test() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut shown = Shown::new();
    for place in PLACES {
        look_through(&package.join(place), &mut shown);
    }
    let missing: Vec<u32> = (1..=CASES)
        .filter(|case| !shown.contains_key(case))
        .collect();
    assert_eq!(missing, [0; 0], "these are shown by no test");
    let unknown: Vec<_> = shown.range(CASES + 1..).collect();
    assert!(unknown.is_empty(), "there are no such cases: {unknown:?}");
    for (case, place) in WHOLE {
        let place = package.join(place).display().to_string();
        let is_there = shown[&case].iter().any(|file| file.starts_with(&place));
        assert!(is_there, "C{case} is shown in {:?} alone", shown[&case]);
    }
}
