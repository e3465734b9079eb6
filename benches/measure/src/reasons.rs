use std::path::Path;

use anyhow::{Context as _, ensure};

use crate::goal::Goal;
use crate::goals::GOALS;

/// Why goals are missed, as somebody who has looked wrote it down. The tool invents none.
#[derive(Debug, Default)]
pub(crate) struct Reasons(Vec<(String, String)>);

impl Reasons {
    /// From a file with a line `goal: reason` for each; lines that begin with `#` are for its reader.
    ///
    /// # Errors
    ///
    /// A line has no such form, or there is no such goal any more.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        Self::of(&text).with_context(|| format!("in {}", path.display()))
    }

    fn of(text: &str) -> anyhow::Result<Self> {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut reasons = Vec::new();
        for line in lines {
            let parts = line.split_once(": ");
            let (goal, reason) = parts.with_context(|| format!("`{line}` gives no reason"))?;
            let is_known = GOALS.iter().any(|it| it.id() == goal);
            ensure!(is_known, "there is no goal `{goal}`");
            reasons.push((goal.to_owned(), reason.to_owned()));
        }
        Ok(Self(reasons))
    }

    /// Why this one is missed; nothing if nobody has said so.
    pub(crate) fn why(&self, goal: &Goal) -> &str {
        let id = goal.id();
        let reason = self.0.iter().find(|(goal, _)| *goal == id);
        reason.map_or("", |(_, reason)| reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_belongs_to_its_goal() {
        let goal = &GOALS[0];
        let reasons = Reasons::of(&format!("# read me\n\n{}: it is so", goal.id())).unwrap();
        assert_eq!(reasons.why(goal), "it is so");
        assert_eq!(reasons.why(&GOALS[1]), "");
    }

    #[test]
    fn a_reason_for_nothing_is_an_error() {
        assert!(Reasons::of("must A/p50_us: it is so").is_err());
        assert!(Reasons::of("A/p50_us").is_err());
    }

    #[test]
    fn no_two_goals_have_the_same_name() {
        let mut names: Vec<String> = GOALS.iter().map(Goal::id).collect();
        names.sort();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
