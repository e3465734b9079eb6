use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, bail};

use crate::callgrind;
use crate::cases::CASES;

/// How much more than the committed count is too much, in percent.
const TOO_MUCH: f64 = 5.0;

const ABOUT: &str = "\
# Instructions of one turn of each case, as callgrind counts them in a release build.
# `cargo xtask bench --check` compares; `cargo xtask bench --rebase` writes. They change with the compiler.
";

/// Counts all cases and compares, or writes.
pub(crate) fn check(write: bool) -> anyhow::Result<()> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("baseline.txt");
    let counts: BTreeMap<&str, u64> = CASES
        .iter()
        .map(|case| Ok((*case, callgrind::count(case)?)))
        .collect::<anyhow::Result<_>>()?;
    if write {
        let mut text = String::from(ABOUT);
        for (case, count) in &counts {
            let _ = writeln!(text, "{case} {count}");
        }
        return std::fs::write(&path, text).context("cannot write the counts");
    }
    let committed = std::fs::read_to_string(&path).context("there are no committed counts")?;
    let committed = read(&committed)?;
    let mut regressions = 0;
    for (case, count) in &counts {
        let before = committed.get(*case).copied();
        let verdict = verdict(*count, before);
        regressions += usize::from(!verdict.is_fine());
        say(&format!("{case:<24} {count:>8}  {}", verdict.words()));
    }
    if regressions > 0 {
        bail!(
            "{regressions} of {} paths take more instructions than they may",
            counts.len()
        );
    }
    Ok(())
}

/// What a count means beside the committed one.
#[derive(Debug, PartialEq)]
enum Verdict {
    New,
    Same(f64),
    Better(f64),
    Worse(f64),
}

fn verdict(count: u64, before: Option<u64>) -> Verdict {
    let Some(before) = before else {
        return Verdict::New;
    };
    let percent = (count as f64 / before as f64 - 1.0) * 100.0;
    if percent > TOO_MUCH {
        Verdict::Worse(percent)
    } else if percent < -TOO_MUCH {
        Verdict::Better(percent)
    } else {
        Verdict::Same(percent)
    }
}

impl Verdict {
    fn is_fine(&self) -> bool {
        matches!(self, Self::Same(_) | Self::Better(_))
    }

    fn words(&self) -> String {
        match self {
            Self::New => {
                "has no committed count; `cargo xtask bench --rebase` writes it".to_owned()
            }
            Self::Same(percent) => format!("{percent:+.1} %"),
            Self::Better(percent) => {
                format!("{percent:+.1} %: better; `cargo xtask bench --rebase` keeps it so")
            }
            Self::Worse(percent) => format!("{percent:+.1} %: more than {TOO_MUCH} % worse"),
        }
    }
}

fn read(text: &str) -> anyhow::Result<BTreeMap<String, u64>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let words = line.split_once(' ');
            let (case, count) = words.with_context(|| format!("`{line}` is no count"))?;
            Ok((case.to_owned(), count.parse()?))
        })
        .collect()
}

#[expect(clippy::print_stderr, reason = "whoever checks wants to see it")]
fn say(line: &str) {
    eprintln!("{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_percent_more_is_too_much_and_less_is_welcome() {
        assert!(verdict(1050, Some(1000)).is_fine());
        assert!(!verdict(1051, Some(1000)).is_fine());
        assert!(matches!(verdict(900, Some(1000)), Verdict::Better(_)));
    }

    #[test]
    fn a_path_without_a_committed_count_is_not_fine() {
        assert!(!verdict(1, None).is_fine());
    }

    #[test]
    fn committed_counts_are_read_as_they_are_written() {
        let counts = read(&format!("{ABOUT}encode 12\n")).unwrap();
        assert_eq!(counts["encode"], 12);
        assert!(read("encode\n").is_err());
    }
}
