use std::fmt;

use crate::contestants::{
    BEAM, CHANNEL, FRAMED_UNIX, OURS, OURS_CORE, OURS_IN_PROCESS, OURS_TLS, PING_UNIX, STREAM_UNIX,
    UNARY_UNIX,
};
use crate::results::Results;
use crate::stat::short;
use Level::{Ambitious, Must};
use Relation::{AtLeast, AtMost};

/// How much a goal is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Must,
    Ambitious,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
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
    pub(crate) measured: String,
}

const fn against(
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

const fn figure(level: Level, key: &'static str, relation: Relation, figure: f64) -> Goal {
    Goal {
        level,
        contestant: OURS,
        key,
        relation,
        factor: figure,
        other: None,
    }
}

const fn of(contestant: &'static str, mut goal: Goal) -> Goal {
    goal.contestant = contestant;
    goal
}

/// All goals. Factors of less than one against FLAME are the reciprocals of how many times faster we have to be.
pub(crate) const GOALS: &[Goal] = &[
    against(Must, "A/p50_us", AtMost, 1.3, (STREAM_UNIX, "A/p50_us")),
    against(Must, "A/p50_us", AtMost, 0.85, (UNARY_UNIX, "A/p50_us")),
    against(Must, "A/p50_us", AtMost, 1.0 / 1.8, (BEAM, "A/p50_us")),
    against(Must, "A/p99_us", AtMost, 2.0, (OURS, "A/p50_us")),
    against(
        Ambitious,
        "A/p50_us",
        AtMost,
        1.5,
        (FRAMED_UNIX, "A/p50_us"),
    ),
    of(OURS_IN_PROCESS, figure(Must, "A/p50_us", AtMost, 15.0)),
    of(
        OURS_IN_PROCESS,
        against(Ambitious, "A/p50_us", AtMost, 1.5, (CHANNEL, "A/p50_us")),
    ),
    against(
        Must,
        "B/64/calls_per_s",
        AtLeast,
        5.0,
        (UNARY_UNIX, "B/64/calls_per_s"),
    ),
    against(
        Must,
        "B/64/calls_per_s",
        AtLeast,
        15.0,
        (BEAM, "B/64/calls_per_s"),
    ),
    figure(Must, "B/64/cpu_us", AtMost, 6.0),
    figure(Must, "B/8/calls_per_s", AtLeast, 80e3),
    figure(Must, "B/256/calls_per_s", AtLeast, 400e3),
    against(
        Ambitious,
        "B/64/calls_per_s",
        AtLeast,
        0.8,
        (STREAM_UNIX, "B/64/calls_per_s"),
    ),
    figure(Must, "C/64KiB/ms", AtMost, 0.15),
    against(Must, "C/1MiB/ms", AtMost, 1.0, (UNARY_UNIX, "C/1MiB/ms")),
    against(Must, "C/1MiB/ms", AtMost, 1.0, (STREAM_UNIX, "C/1MiB/ms")),
    against(Must, "C/1MiB/ms", AtMost, 1.0, (BEAM, "C/1MiB/ms")),
    against(Must, "C/16MiB/ms", AtMost, 1.0, (UNARY_UNIX, "C/16MiB/ms")),
    against(Must, "C/16MiB/ms", AtMost, 1.0, (STREAM_UNIX, "C/16MiB/ms")),
    against(Must, "C/16MiB/ms", AtMost, 1.0, (BEAM, "C/16MiB/ms")),
    against(Must, "C/64MiB/ms", AtMost, 1.0, (UNARY_UNIX, "C/64MiB/ms")),
    against(Must, "C/64MiB/ms", AtMost, 1.0, (STREAM_UNIX, "C/64MiB/ms")),
    against(Must, "C/64MiB/ms", AtMost, 1.0, (BEAM, "C/64MiB/ms")),
    against(
        Ambitious,
        "C/1MiB/ms",
        AtMost,
        1.5,
        (FRAMED_UNIX, "C/1MiB/ms"),
    ),
    against(
        Ambitious,
        "C/16MiB/ms",
        AtMost,
        1.5,
        (FRAMED_UNIX, "C/16MiB/ms"),
    ),
    against(
        Ambitious,
        "C/64MiB/ms",
        AtMost,
        1.5,
        (FRAMED_UNIX, "C/64MiB/ms"),
    ),
    against(
        Ambitious,
        "C/64MiB/ms",
        AtMost,
        2.0,
        (PING_UNIX, "C/64MiB/ms"),
    ),
    figure(Must, "C'/p99_us", AtMost, 5000.0),
    against(Ambitious, "C'/p99_us", AtMost, 2.0, (OURS, "A/p99_us")),
    against(Must, "D/p50_ms", AtMost, 2.0, (UNARY_UNIX, "D/p50_ms")),
    against(Must, "D/p50_ms", AtMost, 1.0 / 80.0, (BEAM, "D/p50_ms")),
    figure(Must, "D/touched/adds_ms", AtMost, 0.5),
    against(Ambitious, "D/p50_ms", AtMost, 1.3, (UNARY_UNIX, "D/p50_ms")),
    against(Must, "E/p50_ms", AtMost, 2.5, (FRAMED_UNIX, "E/p50_ms")),
    against(Must, "E/p50_ms", AtMost, 1.0 / 70.0, (BEAM, "E/p50_ms")),
    against(
        Ambitious,
        "E/p50_ms",
        AtMost,
        1.1,
        (FRAMED_UNIX, "E/p50_ms"),
    ),
    figure(Must, "F/runner/rss_mib", AtMost, 8.0),
    figure(Must, "F/runner/private_mib", AtMost, 1.5),
    figure(Must, "F/parent/rss_mib", AtMost, 12.0),
    figure(Must, "F/parent/kept_mib", AtMost, 16.0),
    figure(Must, "F/runner/kept_mib", AtMost, 16.0),
    figure(Ambitious, "F/runner/rss_mib", AtMost, 6.0),
    figure(Ambitious, "F/runner/private_mib", AtMost, 1.0),
    against(Must, "G/ms", AtMost, 2.0, (STREAM_UNIX, "G/ms")),
    against(Must, "G/ms", AtMost, 1.0, (UNARY_UNIX, "G/ms")),
    against(Must, "G/ms", AtMost, 1.0 / 2.9, (BEAM, "G/ms")),
    figure(Must, "G/descriptors", AtMost, 8.0),
    against(Ambitious, "G/ms", AtMost, 1.2, (STREAM_UNIX, "G/ms")),
    of(OURS_CORE, figure(Must, "H/1/0/ns", AtMost, 1000.0)),
    of(OURS_CORE, figure(Must, "H/100/0/ns", AtMost, 1000.0)),
    of(OURS_CORE, figure(Must, "H/10000/0/ns", AtMost, 1000.0)),
    of(OURS_CORE, figure(Must, "H/10000/10000/ns", AtMost, 1000.0)),
    of(
        OURS_CORE,
        against(
            Must,
            "H/10000/0/instructions",
            AtMost,
            // The logarithm of 10,000 is twice that of 100.
            2.0,
            (OURS_CORE, "H/100/0/instructions"),
        ),
    ),
    of(
        OURS_CORE,
        against(
            Ambitious,
            "H/10000/0/instructions",
            AtMost,
            1.1,
            (OURS_CORE, "H/1/0/instructions"),
        ),
    ),
    of(
        OURS_IN_PROCESS,
        figure(Must, "I/100000/bytes_each", AtMost, 1024.0),
    ),
    of(
        OURS_IN_PROCESS,
        against(
            Must,
            "I/100000/serve_us_each",
            AtMost,
            2.0,
            (OURS_IN_PROCESS, "I/10000/serve_us_each"),
        ),
    ),
    of(
        OURS_TLS,
        against(Must, "A/p50_us", AtMost, 1.0 / 0.7, (OURS, "A/p50_us")),
    ),
    of(
        OURS_TLS,
        against(Must, "A/p50_us", AtMost, 1.0 / 1.8, (BEAM, "A/p50_us")),
    ),
    of(
        OURS_TLS,
        against(
            Must,
            "B/64/calls_per_s",
            AtLeast,
            0.7,
            (OURS, "B/64/calls_per_s"),
        ),
    ),
    of(OURS_TLS, figure(Must, "TLS/handshakes_ms", AtMost, 3.0)),
];

impl Goal {
    /// `None` if one of the numbers is missing.
    pub(crate) fn judge(&self, results: &Results) -> Option<Judgment> {
        let ours = results.median(self.contestant, self.key)?;
        let measured = match self.other {
            None => ours,
            Some((other, key)) => ours / results.median(other, key)?,
        };
        let is_met = match self.relation {
            AtMost => measured <= self.factor,
            AtLeast => measured >= self.factor,
        };
        let unit = if self.other.is_some() { " x" } else { "" };
        let measured = format!("{}{unit}", short(measured));
        Some(Judgment { is_met, measured })
    }

    /// Whether it is a ratio to this one's number.
    pub(crate) fn is_against(&self, other: &str, key: &str) -> bool {
        self.other == Some((other, key))
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
        let factor = short(self.factor);
        write!(
            f,
            "`{}` of {}: {relation} {factor}",
            self.key, self.contestant
        )?;
        match self.other {
            None => Ok(()),
            Some((other, key)) if key == self.key => write!(f, " x {other}"),
            Some((other, key)) => write!(f, " x `{key}` of {other}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn a_goal_without_numbers_is_not_judged() {
        assert_eq!(GOALS[0].judge(&Results::default()), None);
    }
}
