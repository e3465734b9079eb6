use super::*;

#[test]
fn an_inexact_internal_version_is_found() {
    let root = "[workspace.dependencies]\nflame = { path = \"a\", version = \"=0.1.0\" }\nflame-core = { path = \"b\", version = \"0.1.0\" }\nbytes = \"1\"\n";
    let findings = internal_versions_are_exact(&Tree::from([("Cargo.toml", root)]));
    assert_eq!(
        findings,
        ["Cargo.toml: `flame-core = { path = \"b\", version = \"0.1.0\" }` has no exact version"]
    );
}

#[test]
fn an_internal_dependency_by_path_is_found() {
    let manifest = "[dev-dependencies]\nflame-testkit = { path = \"../flame-testkit\", version = \"=0.1.0\" }\n";
    let findings =
        internal_dependencies_are_inherited(&Tree::from([("crates/a/Cargo.toml", manifest)]));
    assert_eq!(findings.len(), 1);
}

#[test]
fn a_feature_without_a_comment_is_found() {
    let manifest = "[features]\ndefault = [\"a\"]\n## Does a.\na = []\n# Does b.\nb = []\nc = []\n\n[dependencies]\nd = \"1\"\n";
    let findings = features_are_explained(&Tree::from([("crates/a/Cargo.toml", manifest)]));
    assert_eq!(
        findings,
        [
            "crates/a/Cargo.toml: feature `b` has no `##` comment",
            "crates/a/Cargo.toml: feature `c` has no `##` comment"
        ]
    );
}

#[test]
fn a_core_that_reaches_for_more_is_found() {
    let manifest = "[dependencies]\nasync-trait.workspace = true\ntokio = { workspace = true }\n\n[dev-dependencies]\nexpect-test.workspace = true\n";
    let findings = the_core_and_the_macros_stay_small(&Tree::from([(
        "crates/flame-core/Cargo.toml",
        manifest,
    )]));
    assert_eq!(
        findings,
        ["crates/flame-core/Cargo.toml: may not depend on `tokio`"]
    );
}

#[test]
fn a_test_tool_in_the_product_is_found() {
    let manifest = "[dependencies]\nflame-testkit.workspace = true\n\n[dev-dependencies]\ntrybuild.workspace = true\n";
    let findings = test_tools_stay_in_tests(&Tree::from([("crates/a/Cargo.toml", manifest)]));
    assert_eq!(
        findings,
        ["crates/a/Cargo.toml: `flame-testkit` belongs to `dev-dependencies`"]
    );
}
