//! Mistakes get an answer that says what to do.
//!
//! `TRYBUILD=overwrite cargo test -p flame --test compile_errors` writes the answers anew.

#[test]
fn mistakes_are_explained() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
}
