use super::*;

#[test]
fn a_long_file_is_found_unless_it_is_generated() {
    let long = "\n".repeat(LONGEST_FILE + 1);
    let tree = Tree::from([
        ("src/a.rs", long.as_str()),
        ("src/generated/b.rs", &long),
        ("c.md", &long),
    ]);
    assert_eq!(files_are_short(&tree), ["src/a.rs: 401 lines; at most 400"]);
}

#[test]
fn a_long_function_is_found_with_its_line() {
    let body = "    let a = 1;\n".repeat(LONGEST_FUNCTION);
    let text = format!(
        "fn short() {{\n    1\n}}\n\npub(crate) async fn long(\n    a: u8,\n) {{\n{body}}}\n\nfn last() {{}}\n"
    );
    let tree = Tree::from([("src/a.rs", text.as_str())]);
    assert_eq!(
        functions_are_short(&tree),
        ["src/a.rs:5: a function of 74 lines; at most 70"]
    );
}

#[test]
fn a_declaration_does_not_run_into_the_next_function() {
    let text = "trait A {\n    fn a(&self)\n    where\n        Self: Sized;\n\n    fn b() -> u8 {\n        1\n    }\n}\n";
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(functions(&lines), [(5, 3)]);
}

#[test]
fn a_mod_rs_is_found() {
    let tree = Tree::from([("src/pool/mod.rs", ""), ("src/pool.rs", "")]);
    assert_eq!(
        modules_are_beside_their_folder(&tree),
        ["src/pool/mod.rs: name it after its folder, beside it"]
    );
}

#[test]
fn a_file_name_that_says_nothing_is_found() {
    let tree = Tree::from([
        ("src/utils.rs", ""),
        ("tests/it/common.rs", ""),
        ("src/types.rs", ""),
        ("src/task_types.rs", ""),
    ]);
    assert_eq!(files_say_what_they_are(&tree).len(), 3);
}

#[test]
fn a_type_name_that_says_nothing_is_found() {
    let tree = Tree::from([(
        "src/a.rs",
        "pub struct PoolManager;\nenum Kind {}\npub(crate) trait Helper<T> {}\n",
    )]);
    assert_eq!(
        types_say_what_they_are(&tree),
        [
            "src/a.rs:1: `PoolManager`: nothing of ours is called Manager",
            "src/a.rs:3: `Helper`: nothing of ours is called Helper",
        ]
    );
}

#[test]
fn a_banner_is_found_and_a_table_is_none() {
    // Joined, so that this file has no banner of its own.
    let text = ["//", " ---- helpers ----\n/// | a |\n/// |---|\n"].concat();
    let tree = Tree::from([("src/a.rs", text.as_str())]);
    assert_eq!(
        comments_have_no_banners(&tree),
        ["src/a.rs:1: no banners in comments"]
    );
}

#[test]
fn an_ignored_example_is_found() {
    let tree = Tree::from([
        ("src/a.rs", "/// ```ignore\n/// ```\n/// ```no_run\n"),
        ("README.md", "```rust,ignore\n```\n"),
    ]);
    let findings = examples_in_docs_are_run(&tree);
    assert_eq!(findings.len(), 2);
    assert!(
        findings[0].starts_with("README.md:1:") && findings[1].starts_with("src/a.rs:1:"),
        "{findings:?}"
    );
}

#[test]
fn a_library_that_reads_the_wall_clock_is_found() {
    let tree = Tree::from([
        (
            "crates/a/src/b.rs",
            "let a = 1;\nlet now = SystemTime::now();\n",
        ),
        ("crates/a/tests/it/c.rs", "let now = SystemTime::now();\n"),
        ("xtask/src/d.rs", "let now = SystemTime::now();\n"),
    ]);
    assert_eq!(
        no_library_reads_the_wall_clock(&tree),
        ["crates/a/src/b.rs:2: SystemTime jumps; use `Instant`"]
    );
}
