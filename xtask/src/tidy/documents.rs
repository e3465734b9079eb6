//! Rules about documents that must agree with the code.

use super::manifests::section;
use super::tree::Tree;

/// The facade's manifest.
const FACADE: &str = "crates/flame/Cargo.toml";
/// The chapter whose table names tests.
const FAULTS: &str = "crates/flame/src/guide/faults.md";
/// Where defaults are.
const DEFAULTS: [&str; 2] = [
    "crates/flame-core/src/pool/limits.rs",
    "crates/flame-core/src/pool/timeouts.rs",
];

/// The oldest compiler is said once to cargo and once to people.
pub(super) fn the_readme_names_the_compiler(tree: &Tree) -> Vec<String> {
    let manifest = tree.text("Cargo.toml").unwrap_or_default();
    let version = section(manifest, "workspace.package")
        .find_map(|line| line.strip_prefix("rust-version = "));
    let wanted = format!("Rust {}", version.unwrap_or("?").trim_matches('"'));
    let readme = tree.text("README.md").unwrap_or_default();
    if readme.contains(&wanted) {
        return Vec::new();
    }
    vec![format!(
        "README.md: does not say \"{wanted}\", which Cargo.toml requires"
    )]
}

/// Whoever reads about features reads about all of them.
pub(super) fn the_readme_names_every_feature(tree: &Tree) -> Vec<String> {
    let readme = tree.text("README.md").unwrap_or_default();
    let features = section(tree.text(FACADE).unwrap_or_default(), "features");
    let features = features
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name);
    features
        .filter(|name| *name != "default" && !readme.contains(&format!("`{name}`")))
        .map(|name| format!("README.md: does not mention the feature `{name}`"))
        .collect()
}

/// There is a place for the next change.
pub(super) fn the_changelog_has_an_unreleased_section(tree: &Tree) -> Vec<String> {
    let changelog = tree.text("CHANGELOG.md").unwrap_or_default();
    if changelog.lines().any(|line| line == "## Unreleased") {
        return Vec::new();
    }
    vec!["CHANGELOG.md: has no section `## Unreleased`".to_owned()]
}

/// A default is named where people read: in a doc comment or in a document, besides its own definition.
pub(super) fn every_default_is_documented(tree: &Tree) -> Vec<String> {
    let documents = tree.files(|path| path.ends_with(".rs") || path.ends_with(".md"));
    let prose: Vec<&str> = documents
        .flat_map(|(path, text)| {
            text.lines()
                .filter(move |line| path.ends_with(".md") || is_doc(line))
        })
        .collect();
    let mut findings = Vec::new();
    for path in DEFAULTS {
        let lines = tree.text(path).unwrap_or_default().lines();
        let names = lines.filter_map(|line| line.strip_prefix("pub const ")?.split(':').next());
        for name in names {
            let link = format!("`{name}`");
            let path_link = format!("::{name}`");
            if !prose
                .iter()
                .any(|line| line.contains(&link) || line.contains(&path_link))
            {
                findings.push(format!("{path}: no document names the default {name}"));
            }
        }
    }
    findings
}

/// An example that no test drives stops working unseen.
pub(super) fn every_example_is_driven(tree: &Tree) -> Vec<String> {
    let tests: String = tree
        .files(|path| path.starts_with("xtask/src/e2e"))
        .map(|(_, text)| text)
        .collect();
    let examples = tree
        .manifests()
        .filter(|(path, _)| path.starts_with("examples/"));
    // A folder may be named after what the example shows, which is the name of another package.
    let names = examples.filter_map(|(_, text)| {
        section(text, "package").find_map(|line| line.strip_prefix("name = "))
    });
    names
        .filter(|name| !tests.contains(name))
        .map(|name| format!("examples: `cargo xtask e2e` does not drive {name}"))
        .collect()
}

/// What a forge runs, everybody can run.
pub(super) fn workflows_only_call_the_gate(tree: &Tree) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, text) in tree.files(|path| path.starts_with(".github/workflows/")) {
        let commands = text.lines().filter_map(|line| {
            line.trim_start()
                .trim_start_matches("- ")
                .strip_prefix("run:")
        });
        let foreign = commands
            .map(str::trim)
            .filter(|run| !run.starts_with("cargo xtask ") && !run.starts_with(".ci/"));
        findings.extend(
            foreign.map(|run| format!("{path}: `{run}` is neither `cargo xtask …` nor `.ci/…`")),
        );
    }
    findings
}

/// A test that is named as a proof exists: `flame_core::pool::idle::some_test` is a function of
/// `crates/flame-core/tests/it/pool/idle.rs`, or in a module of that path in `src`.
pub(super) fn tests_that_the_guide_names_exist(tree: &Tree) -> Vec<String> {
    let table = tree.text(FAULTS).unwrap_or_default().lines();
    let words = table
        .filter(|line| line.starts_with('|'))
        .flat_map(|line| line.split('`').skip(1).step_by(2));
    words
        .filter(|word| is_sentence(word) && !is_test(tree, word))
        .map(|word| format!("{FAULTS}: there is no test `{word}`"))
        .collect()
}

/// Tests are called by what they show, in more words than anything else.
fn is_sentence(path: &str) -> bool {
    let name = path.rsplit("::").next().unwrap_or_default();
    path.contains("::") && name.matches('_').count() > 2
}

fn is_test(tree: &Tree, path: &str) -> bool {
    let mut modules: Vec<&str> = path.split("::").collect();
    let Some(function) = modules.pop() else {
        return false;
    };
    // Unit tests may stand in the file that they test.
    modules.retain(|module| *module != "tests");
    let Some((package, modules)) = modules.split_first() else {
        return false;
    };
    let folder = match *package {
        "xtask" => "xtask".to_owned(),
        package => format!("crates/{}", package.replace('_', "-")),
    };
    let file = modules.join("/");
    let header = format!("fn {function}(");
    ["tests/it", "src"].iter().any(|place| {
        let stem = format!("{folder}/{place}/{file}");
        let beside = [format!("{stem}.rs"), format!("{stem}/tests.rs")];
        let mut texts = beside.iter().filter_map(|path| tree.text(path));
        texts.any(|text| text.contains(&header))
    })
}

fn is_doc(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("///") || line.starts_with("//!")
}

#[cfg(test)]
mod tests;
