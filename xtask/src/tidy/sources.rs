//! Rules about Rust files.

use super::tree::Tree;

/// The longest file, in lines.
const LONGEST_FILE: usize = 400;
/// The longest function, in lines.
const LONGEST_FUNCTION: usize = 70;
/// File names that say nothing about what is inside.
const EMPTY_FILE_NAMES: &[&str] = &["util", "helper", "common", "misc"];
/// Type names that say nothing, or that belong to others: a Machine is Fly's.
const EMPTY_TYPE_NAMES: &[&str] = &["Machine", "Manager", "Helper", "Util", "Worker"];

/// Names that only code with the wall clock contains.
const WALL_CLOCKS: &[&str] = &[
    "SystemTime",
    "UNIX_EPOCH",
    "ClockId::Realtime",
    "chrono::",
    "jiff::",
];

/// The files that say when something happened, or how long ago, for people and as the emulated API does.
const STAMPS: &[&str] = &[
    "crates/flame-cli/src/fly/age.rs",
    "crates/flame-fly-emulator/src/emulator.rs",
    "crates/flame-fly-emulator/src/wall.rs",
    "crates/flame-runtime/src/runner/layer/stamp.rs",
];

/// No file is longer than a reader's patience.
pub(super) fn files_are_short(tree: &Tree) -> Vec<String> {
    let lengths = tree
        .sources()
        .map(|(path, text)| (path, text.lines().count()));
    lengths
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .map(|(path, lines)| format!("{path}: {lines} lines; at most {LONGEST_FILE}"))
        .collect()
}

/// No function is longer than a screen.
pub(super) fn functions_are_short(tree: &Tree) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, text) in tree.sources() {
        let lines: Vec<&str> = text.lines().collect();
        for (start, length) in functions(&lines) {
            if length > LONGEST_FUNCTION {
                findings.push(format!(
                    "{path}:{}: a function of {length} lines; at most {LONGEST_FUNCTION}",
                    start + 1
                ));
            }
        }
    }
    findings
}

/// `pool.rs` stands beside `pool/`.
pub(super) fn modules_are_beside_their_folder(tree: &Tree) -> Vec<String> {
    let inside = tree.sources().filter(|(path, _)| path.ends_with("/mod.rs"));
    inside
        .map(|(path, _)| format!("{path}: name it after its folder, beside it"))
        .collect()
}

/// A file is named after what is in it.
pub(super) fn files_say_what_they_are(tree: &Tree) -> Vec<String> {
    let says_nothing = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name == "types.rs" || EMPTY_FILE_NAMES.iter().any(|empty| name.starts_with(empty))
    };
    let empty = tree.sources().filter(|(path, _)| says_nothing(path));
    empty
        .map(|(path, _)| format!("{path}: name it after what is in it"))
        .collect()
}

/// A type is named after what it is.
pub(super) fn types_say_what_they_are(tree: &Tree) -> Vec<String> {
    each_line(tree, |line| {
        let line = line
            .trim_start()
            .trim_start_matches("pub(crate) ")
            .trim_start_matches("pub ");
        let name = ["struct ", "enum ", "trait "]
            .iter()
            .find_map(|keyword| line.strip_prefix(keyword))?;
        let name = name.split(|c: char| !c.is_alphanumeric()).next()?;
        let empty = EMPTY_TYPE_NAMES
            .iter()
            .find(|empty| name.contains(**empty))?;
        Some(format!("`{name}`: nothing of ours is called {empty}"))
    })
}

/// Structure comes from files and items.
pub(super) fn comments_have_no_banners(tree: &Tree) -> Vec<String> {
    each_line(tree, |line| {
        let comment = line.trim_start().strip_prefix("//")?;
        let is_banner = ["===", "---", "###", "***"]
            .iter()
            .any(|rule| comment.contains(rule));
        // A table in a doc comment has dashes, too.
        (is_banner && !comment.contains('|')).then(|| "no banners in comments".to_owned())
    })
}

/// An example in the documentation compiles, or says which way it does not.
pub(super) fn examples_in_docs_are_run(tree: &Tree) -> Vec<String> {
    let documents = tree.files(|path| path.ends_with(".rs") || path.ends_with(".md"));
    let mut findings = Vec::new();
    for (path, text) in documents {
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim_start();
            let fence = line
                .trim_start_matches("//!")
                .trim_start_matches("///")
                .trim_start();
            let info = fence.strip_prefix("```").unwrap_or_default();
            if info.split(',').any(|word| word.trim() == "ignore") {
                findings.push(format!(
                    "{path}:{number}: an ignored example; use `no_run`, `compile_fail` or `text`"
                ));
            }
        }
    }
    findings
}

/// The wall clock jumps: it is set, it is corrected, it differs between hosts. What the library decides, it
/// decides by the monotonic clock.
pub(super) fn no_library_reads_the_wall_clock(tree: &Tree) -> Vec<String> {
    let library = tree.files(|path| {
        path.starts_with("crates/")
            && path.contains("/src/")
            && path.ends_with(".rs")
            && !STAMPS.contains(&path)
    });
    let mut findings = Vec::new();
    for (path, text) in library {
        for (number, line) in (1..).zip(text.lines()) {
            findings.extend(
                WALL_CLOCKS
                    .iter()
                    .find(|clock| line.contains(*clock))
                    .map(|clock| format!("{path}:{number}: {clock} jumps; use `Instant`")),
            );
        }
    }
    findings
}

/// Asks about every line of every source.
fn each_line(tree: &Tree, ask: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, text) in tree.sources() {
        for (number, line) in (1..).zip(text.lines()) {
            findings.extend(ask(line).map(|finding| format!("{path}:{number}: {finding}")));
        }
    }
    findings
}

/// Where functions begin, and how many lines they have. Relies on rustfmt: a function ends at the first
/// closing brace that is indented as its first line is.
fn functions(lines: &[&str]) -> Vec<(usize, usize)> {
    let starts = (0..lines.len()).filter(|&at| begins_a_function(lines[at]));
    starts
        .filter_map(|start| Some((start, function_length(&lines[start..])?)))
        .collect()
}

fn begins_a_function(line: &str) -> bool {
    let mut words = line.split_whitespace().peekable();
    let modifiers = ["const", "async", "unsafe", "extern", "\"C\"", "default"];
    while words
        .next_if(|word| modifiers.contains(word) || word.starts_with("pub"))
        .is_some()
    {}
    words.next() == Some("fn")
}

/// `None` for a declaration without a body.
fn function_length(lines: &[&str]) -> Option<usize> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let opening = lines
        .iter()
        .position(|line| line.ends_with(['{', '}', ';']))?;
    if !lines[opening].ends_with('{') {
        return None;
    }
    let closes =
        |line: &&str| line.trim_start().starts_with('}') && indent(line) == indent(lines[0]);
    let closing = lines[opening + 1..].iter().position(closes)?;
    Some(opening + closing + 2)
}

#[cfg(test)]
mod tests;
