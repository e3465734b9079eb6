use std::fmt;

use crate::contestants::{BEAM, NODES, OURS};
use crate::results::Results;
use crate::stat::short;
use crate::words::said;
use Relation::{AtLeast, AtMost};

/// How much a goal is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Must,
    Ambitious,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    AtMost,
    AtLeast,
}

/// One number of ours, against a number of another in the same run, or against a figure.
pub(crate) struct Goal {
    pub(crate) level: Level,
    contestant: &'static str,
    key: &'static str,
    relation: Relation,
    factor: f64,
    /// Who, and in what; the factor is the figure if there is nobody.
    other: Option<(&'static str, &'static str)>,
}

/// What has become of a goal.
#[derive(Debug, PartialEq)]
pub(crate) struct Judgment {
    pub(crate) is_met: bool,
    /// Our number.
    pub(crate) ours: f64,
    /// Whose number it was held against, and that number.
    pub(crate) theirs: Option<(&'static str, f64)>,
}

/// A goal of ours against a number of another.
pub(crate) const fn against(
    level: Level,
    key: &'static str,
    relation: Relation,
    factor: f64,
    other: (&'static str, &'static str),
) -> Goal {
    Goal {
        level,
        contestant: OURS,
        key,
        relation,
        factor,
        other: Some(other),
    }
}

/// A goal of ours against a figure.
pub(crate) const fn figure(
    level: Level,
    key: &'static str,
    relation: Relation,
    figure: f64,
) -> Goal {
    Goal {
        level,
        contestant: OURS,
        key,
        relation,
        factor: figure,
        other: None,
    }
}

/// The same goal, of another of ours.
pub(crate) const fn of(contestant: &'static str, mut goal: Goal) -> Goal {
    goal.contestant = contestant;
    goal
}

impl Goal {
    /// `None` if one of the numbers is missing.
    ///
    /// What bounds the other from below stands in for it where it shows that the goal is reached.
    pub(crate) fn judge(&self, results: &Results) -> Option<Judgment> {
        let ours = results.median(self.contestant, self.key)?;
        let Some((other, key)) = self.other else {
            let is_met = self.is_met(ours);
            return Some(Judgment {
                is_met,
                ours,
                theirs: None,
            });
        };
        let against = |other| {
            let theirs = results.median(other, key)?;
            Some(Judgment {
                is_met: self.is_met(ours / theirs),
                ours,
                theirs: Some((other, theirs)),
            })
        };
        against(other).or_else(|| {
            let bound = (other == BEAM).then_some(NODES)?;
            against(bound).filter(|judgment| judgment.is_met)
        })
    }

    fn is_met(&self, measured: f64) -> bool {
        match self.relation {
            AtMost => measured <= self.factor,
            AtLeast => measured >= self.factor,
        }
    }

    /// The keys of its numbers.
    #[cfg(test)]
    pub(crate) fn keys(&self) -> impl Iterator<Item = &'static str> {
        let other = self.other.map(|(_, key)| key);
        [self.key].into_iter().chain(other)
    }

    /// What has to be so, and of whom.
    pub(crate) fn what(&self) -> String {
        let (what, _) = said(self.key);
        match self.contestant {
            OURS => what,
            other => format!("{what}; {other}"),
        }
    }

    /// The unit of its own number.
    pub(crate) fn unit(&self) -> &'static str {
        said(self.key).1
    }

    /// Whether it is a ratio to this one's number.
    pub(crate) fn is_against(&self, other: &str, key: &str) -> bool {
        self.other == Some((other, key))
    }

    /// Whether it is a ratio to some number of this one.
    pub(crate) fn names(&self, other: &str) -> bool {
        self.other.is_some_and(|(it, _)| it == other)
    }

    /// The row of the table of goals that it belongs to.
    pub(crate) fn row(&self) -> &'static str {
        self.key.split_once('/').map_or(self.key, |(row, _)| row)
    }

    /// Its name in the file of reasons.
    pub(crate) fn id(&self) -> String {
        let Self {
            level,
            contestant,
            key,
            ..
        } = self;
        let level = format!("{level:?}").to_lowercase();
        match self.other {
            None => format!("{level} {key} of {contestant}"),
            Some((other, other_key)) if other_key == *key => {
                format!("{level} {key} of {contestant} to {other}")
            }
            Some((other, other_key)) => {
                format!("{level} {key} of {contestant} to {other_key} of {other}")
            }
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let relation = match self.relation {
            AtMost => "at most",
            AtLeast => "at least",
        };
        let Some((other, key)) = self.other else {
            let (figure, unit) = (short(self.factor), self.unit());
            return write!(f, "{}", format!("{relation} {figure} {unit}").trim_end());
        };
        let (factor, times) = (self.factor, 1.0 / self.factor);
        // A goal to be so many times quicker.
        let is_reciprocal = other == BEAM && self.relation == AtMost && factor < 1.0;
        let factor = match is_reciprocal {
            true => format!("1/{times:.1}").replace(".0", ""),
            false => short(factor),
        };
        write!(f, "{relation} {factor} × ")?;
        if key == self.key {
            return write!(f, "{other}");
        }
        let (what, _) = said(key);
        if other == self.contestant {
            return write!(f, "{what}");
        }
        write!(f, "{what} of {other}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contestants::STREAM_UNIX;
    use crate::goals::GOALS;
    use crate::number::Number;

    fn results(ours: f64, other: f64) -> Results {
        let mut results = Results::default();
        let number = |value| {
            vec![Number {
                key: "A/p50_us".to_owned(),
                value,
            }]
        };
        results.add(OURS, number(ours));
        results.add(STREAM_UNIX, number(other));
        results
    }

    #[test]
    fn a_goal_is_a_ratio_within_one_run() {
        let judge = |ours, other| GOALS[0].judge(&results(ours, other)).unwrap().is_met;
        assert!(judge(129.0, 100.0));
        assert!(!judge(131.0, 100.0));
        assert!(judge(1.29, 1.0));
    }

    #[test]
    fn a_bound_of_a_peer_stands_in_for_it_only_where_the_goal_is_reached() {
        let is = |goal: &&Goal| goal.is_against(BEAM, "A/p50_us") && goal.contestant == OURS;
        let goal = GOALS.iter().find(is).unwrap();
        let judge = |ours| {
            let mut results = results(ours, 0.0);
            let number = Number::read("A/p50_us\t100").unwrap();
            results.add(NODES, vec![number]);
            goal.judge(&results).map(|judgment| judgment.is_met)
        };
        assert_eq!(judge(50.0), Some(true));
        assert_eq!(judge(60.0), None);
    }

    #[test]
    fn a_goal_is_said_so_that_people_understand_it() {
        let said: Vec<String> = GOALS[..3].iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "at most 1.30 × tonic, one stream, unix",
                "at most 0.85 × tonic unary, unix",
                "at most 1/1.8 × FLAME on BEAM"
            ]
        );
    }

    #[test]
    fn a_goal_without_numbers_is_not_judged() {
        assert_eq!(GOALS[0].judge(&Results::default()), None);
    }
}
