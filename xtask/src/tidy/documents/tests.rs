use super::*;

#[test]
fn a_readme_with_another_compiler_is_found() {
    let manifest = "[workspace.package]\nrust-version = \"1.95\"\n";
    let agrees = Tree::from([("Cargo.toml", manifest), ("README.md", "Needs Rust 1.95.")]);
    assert!(the_readme_names_the_compiler(&agrees).is_empty());
    let differs = Tree::from([("Cargo.toml", manifest), ("README.md", "Needs Rust 1.80.")]);
    assert_eq!(the_readme_names_the_compiler(&differs).len(), 1);
}

#[test]
fn a_feature_that_the_readme_does_not_mention_is_found() {
    let manifest = "[features]\ndefault = [\"local\"]\n## Here.\nlocal = []\n## There.\nfly = []\n";
    let tree = Tree::from([(FACADE, manifest), ("README.md", "| `local` | here |")]);
    assert_eq!(
        the_readme_names_every_feature(&tree),
        ["README.md: does not mention the feature `fly`"]
    );
}

#[test]
fn a_changelog_without_a_place_for_the_next_change_is_found() {
    let released = Tree::from([("CHANGELOG.md", "# Changelog\n\n## 0.1.0\n")]);
    assert_eq!(the_changelog_has_an_unreleased_section(&released).len(), 1);
    let open = Tree::from([("CHANGELOG.md", "# Changelog\n\n## Unreleased\n")]);
    assert!(the_changelog_has_an_unreleased_section(&open).is_empty());
}

#[test]
fn a_default_that_no_document_names_is_found() {
    let timeouts = "/// How long.\npub const CALL_TIMEOUT: Duration = A;\n/// How long.\npub const BOOT_TIMEOUT: Duration = B;\n/// See [`BOOT_TIMEOUT`].\n";
    let tree = Tree::from([(DEFAULTS[1], timeouts)]);
    assert_eq!(
        every_default_is_documented(&tree),
        ["crates/flame-core/src/pool/timeouts.rs: no document names the default CALL_TIMEOUT"]
    );
}

#[test]
fn an_example_that_no_test_drives_is_found() {
    let tree = Tree::from([
        (
            "examples/axum/Cargo.toml",
            "[package]\nname = \"axum-app\"\n",
        ),
        ("examples/hello/Cargo.toml", "[package]\nname = \"hello\"\n"),
        ("xtask/src/e2e.rs", "drive(\"hello\")"),
    ]);
    assert_eq!(
        every_example_is_driven(&tree),
        ["examples: `cargo xtask e2e` does not drive \"axum-app\""]
    );
}

#[test]
fn logic_in_a_workflow_is_found() {
    let workflow = "steps:\n  - run: cargo xtask ci\n  - run: .ci/run\n  - name: x\n    run: cargo test | tee log\n";
    let findings =
        workflows_only_call_the_gate(&Tree::from([(".github/workflows/ci.yml", workflow)]));
    assert_eq!(
        findings,
        [".github/workflows/ci.yml: `cargo test | tee log` is neither `cargo xtask …` nor `.ci/…`"]
    );
}

#[test]
fn a_test_that_the_table_of_faults_names_and_nobody_wrote_is_found() {
    let table = "`not::in_a_table_at_all`\n\
        | `process::exit` | `flame::deaths::it_is_in_tests`, `flame_core::idle::tests::it_is_in_src` |\n\
        | xtask | `xtask::tidy::it_is_a_rule`, `flame::deaths::it_is_nowhere_at_all`, `flame::a::b_c_d_e` |\n";
    let tree = Tree::from([
        (FAULTS, table),
        (
            "crates/flame/tests/it/deaths.rs",
            "async fn it_is_in_tests() {\n",
        ),
        ("crates/flame-core/src/idle.rs", "fn it_is_in_src() {\n"),
        ("xtask/src/tidy/tests.rs", "fn it_is_a_rule() {\n"),
    ]);
    assert_eq!(
        tests_that_the_guide_names_exist(&tree),
        [
            format!("{FAULTS}: there is no test `flame::deaths::it_is_nowhere_at_all`"),
            format!("{FAULTS}: there is no test `flame::a::b_c_d_e`"),
        ]
    );
}
