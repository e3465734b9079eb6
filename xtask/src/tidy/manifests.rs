//! Rules about manifests.

use super::tree::Tree;

/// Everyone below the facade moves together, so a version that only nearly fits is a mistake.
pub(super) fn internal_versions_are_exact(tree: &Tree) -> Vec<String> {
    let root = tree.text("Cargo.toml").unwrap_or_default();
    let internal = section(root, "workspace.dependencies").filter(|line| line.contains("path = "));
    internal
        .filter(|line| !line.contains("version = \"="))
        .map(|line| format!("Cargo.toml: `{line}` has no exact version"))
        .collect()
}

/// Paths and versions of our crates stand once, in the workspace's manifest.
pub(super) fn internal_dependencies_are_inherited(tree: &Tree) -> Vec<String> {
    let mut findings = Vec::new();
    // The measurements are a workspace of their own, which has such a manifest, too.
    let members = tree
        .manifests()
        .filter(|(_, text)| !text.lines().any(|line| line == "[workspace]"));
    for (path, text) in members {
        let direct = text
            .lines()
            .filter(|line| line.starts_with("flame") && line.contains("path = "));
        findings.extend(direct.map(|line| format!("{path}: `{line}`; write `workspace = true`")));
    }
    findings
}

/// Every feature but `default` has a `##` comment above it.
pub(super) fn features_are_explained(tree: &Tree) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, text) in tree.manifests() {
        let mut above = "";
        for line in section(text, "features") {
            let name = line.split(' ').next().unwrap_or(line);
            let is_feature = line.contains(" = ") && !line.starts_with('#') && name != "default";
            if is_feature && !above.starts_with("## ") {
                findings.push(format!("{path}: feature `{name}` has no `##` comment"));
            }
            above = line;
        }
    }
    findings
}

/// Purity and quick builds are kept by what these crates cannot reach.
pub(super) fn the_core_and_the_macros_stay_small(tree: &Tree) -> Vec<String> {
    let allowed: [(&str, &[&str]); 2] = [
        ("crates/flame-core/Cargo.toml", &["async-trait"]),
        (
            "crates/flame-macros/Cargo.toml",
            &["proc-macro2", "quote", "syn"],
        ),
    ];
    let mut findings = Vec::new();
    for (path, allowed) in allowed {
        let manifest = tree.text(path).unwrap_or_default();
        let others = dependencies(manifest).filter(|name| !allowed.contains(name));
        findings.extend(others.map(|name| format!("{path}: may not depend on `{name}`")));
    }
    findings
}

/// What only tests use is only a dependency of tests.
pub(super) fn test_tools_stay_in_tests(tree: &Tree) -> Vec<String> {
    let test_tools = ["flame-testkit", "expect-test", "trybuild"];
    let mut findings = Vec::new();
    for (path, text) in tree.manifests() {
        let used = dependencies(text).filter(|name| test_tools.contains(name));
        findings.extend(used.map(|name| format!("{path}: `{name}` belongs to `dev-dependencies`")));
    }
    findings
}

/// The lines of one table of a manifest, without empty ones.
pub(super) fn section<'a>(manifest: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let header = format!("[{name}]");
    let lines = manifest
        .lines()
        .skip_while(move |line| *line != header)
        .skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.is_empty())
}

/// The names in `[dependencies]`.
fn dependencies(manifest: &str) -> impl Iterator<Item = &str> {
    let is_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let names = section(manifest, "dependencies")
        .filter_map(move |line| line.split(|c| !is_name(c)).next());
    // A comment has no name at its head.
    names.filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests;
