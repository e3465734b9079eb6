use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::cases::TURNS;

/// Counts the instructions of one turn of a case.
pub(crate) fn count(case: &str) -> anyhow::Result<u64> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("callgrind.out");
    let mut command = Command::new("valgrind");
    command
        .arg("--tool=callgrind")
        .arg("--collect-atstart=no")
        .arg("--toggle-collect=instructions::cases::counted")
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(std::env::current_exe()?)
        .args(["run", case]);
    let output = command.output().context("valgrind does not start")?;
    ensure!(
        output.status.success(),
        "{case}: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    let counted = total(&std::fs::read_to_string(&file)?);
    let counted = counted.with_context(|| format!("{case}: callgrind tells no total"))?;
    ensure!(counted > 0, "{case}: callgrind has not found what to count");
    Ok(counted / TURNS)
}

/// The sum that callgrind writes at the end.
fn total(text: &str) -> Option<u64> {
    let lines = text.lines();
    let mut sums = lines.filter_map(|line| {
        let sum = line
            .strip_prefix("totals: ")
            .or_else(|| line.strip_prefix("summary: "))?;
        sum.split_whitespace().next()?.parse().ok()
    });
    sums.next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_found() {
        assert_eq!(
            total("events: Ir\nsummary: 12\nfn=(1)\n0 5\ntotals: 1234\n"),
            Some(1234)
        );
        assert_eq!(total("events: Ir\n"), None);
    }
}
