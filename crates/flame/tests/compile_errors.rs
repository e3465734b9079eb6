//! Mistakes get an answer that says what to do, and what is right compiles under the strictest lints.
//!
//! `TRYBUILD=overwrite cargo test -p flame --test compile_errors` writes the answers anew.

#[test]
fn mistakes_are_explained() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/fail/*.rs");
}
