//! The backend that the guide shows.

use smallest_backend::Smallest;

#[expect(unreachable_pub, reason = "the guide shows it as a package of its own")]
#[path = "../../../../crates/flame/src/guide/smallest_backend.rs"]
mod smallest_backend;

fn backend() -> Smallest {
    let this = std::env::current_exe().unwrap();
    let args = ["--exact", "conformance::act"].map(str::to_owned);
    Smallest::new(this.display().to_string(), args.into())
}

flame_testkit::conformance_tests!(backend());

#[test]
fn it_is_as_short_as_the_guide_says() {
    let lines = include_str!("../../../../crates/flame/src/guide/smallest_backend.rs").lines();
    let lines = lines.count();
    assert!(lines < 150, "{lines} lines");
}
