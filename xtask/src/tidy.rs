//! The house rules that neither rustc nor clippy knows. Each is a few lines, and has a test that breaks it.

mod documents;
mod manifests;
mod sources;
mod tree;

use anyhow::bail;

use crate::run::{say, workspace_root};
use tree::Tree;

/// A rule: what it finds, one sentence each, beginning with a path.
type Rule = fn(&Tree) -> Vec<String>;

const RULES: &[Rule] = &[
    sources::files_are_short,
    sources::functions_are_short,
    sources::modules_are_beside_their_folder,
    sources::files_say_what_they_are,
    sources::types_say_what_they_are,
    sources::comments_have_no_banners,
    sources::examples_in_docs_are_run,
    sources::no_library_reads_the_wall_clock,
    manifests::internal_versions_are_exact,
    manifests::internal_dependencies_are_inherited,
    manifests::features_are_explained,
    manifests::the_core_and_the_macros_stay_small,
    manifests::test_tools_stay_in_tests,
    documents::the_readme_names_the_compiler,
    documents::the_readme_names_every_feature,
    documents::the_changelog_has_an_unreleased_section,
    documents::every_default_is_documented,
    documents::every_example_is_driven,
    documents::workflows_only_call_the_gate,
    documents::tests_that_the_guide_names_exist,
];

/// Nothing to choose.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Applies every rule to the files that git knows.
pub(crate) fn run(_args: &Args) -> anyhow::Result<()> {
    let tree = Tree::load(&workspace_root())?;
    let findings: Vec<String> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    for finding in &findings {
        say(finding);
    }
    if findings.is_empty() {
        return Ok(());
    }
    bail!("{} untidy places", findings.len())
}
