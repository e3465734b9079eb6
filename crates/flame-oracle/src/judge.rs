use std::collections::{BTreeMap, BTreeSet};

use crate::{Entry, Falsehood, Lie, Tally, Told};

/// How the callers' process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// By itself: every caller must have been told something.
    InOrder,
    /// It was killed: whoever had not been told by then never will.
    Killed,
}

/// What came of reading a journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Every promise that was not kept.
    pub lies: Vec<Lie>,
    /// How often what happened.
    pub tally: Tally,
}

/// One call, by the numbers of the lines that are about it.
#[derive(Default)]
struct Story {
    called: Vec<usize>,
    /// How often it may run.
    runs: usize,
    started: Vec<(usize, u32)>,
    ended: Vec<usize>,
    outcomes: Vec<(usize, Told)>,
}

/// Reads a journal from its first line to its last.
pub fn judge<'a>(lines: impl IntoIterator<Item = &'a str>, ending: Ending) -> Verdict {
    let mut case = Case::default();
    for (number, line) in (1..).zip(lines) {
        case.hear(number, line);
    }
    case.decide(ending)
}

#[derive(Default)]
struct Case<'a> {
    lines: Vec<&'a str>,
    stories: BTreeMap<u64, Story>,
    /// The lines that say why a process may be lost.
    dangers: BTreeMap<u32, Vec<usize>>,
    verdict: Verdict,
}

impl<'a> Case<'a> {
    fn hear(&mut self, number: usize, line: &'a str) {
        self.lines.push(line);
        let Some(entry) = Entry::parse(line) else {
            self.verdict.lies.push(Lie {
                id: None,
                falsehood: Falsehood::Unreadable,
                story: vec![(number, line.to_owned())],
            });
            return;
        };
        self.verdict.tally.count(&entry);
        if let Entry::Endangered { pid, .. } = &entry {
            self.dangers.entry(*pid).or_default().push(number);
        }
        let Some(id) = entry.id() else { return };
        let story = self.stories.entry(id).or_default();
        match entry {
            Entry::Called { runs, .. } => {
                story.called.push(number);
                story.runs = runs as usize;
            }
            Entry::Started { pid, .. } => story.started.push((number, pid)),
            Entry::Ended { .. } => story.ended.push(number),
            Entry::Outcome { told, .. } => story.outcomes.push((number, told)),
            Entry::Endangered { .. } => {}
        }
    }

    fn decide(mut self, ending: Ending) -> Verdict {
        for (id, story) in &self.stories {
            let mut falsehoods = BTreeSet::new();
            story.run_as_allowed(&mut falsehoods);
            story.told_once(ending, &mut falsehoods);
            for outcome in &story.outcomes {
                falsehoods.extend(self.lie_in(story, outcome));
            }
            for falsehood in falsehoods {
                self.verdict.lies.push(Lie {
                    id: Some(*id),
                    falsehood,
                    story: self.tell(story),
                });
            }
        }
        self.verdict
    }

    /// Compares an outcome with what the task did before the caller was told.
    fn lie_in(&self, story: &Story, &(at, told): &(usize, Told)) -> Option<Falsehood> {
        let has_begun = story.started.iter().any(|(line, _)| *line < at);
        let has_ended = story.ended.iter().any(|line| *line < at);
        match told {
            Told::Ok => (!has_begun || !has_ended).then_some(Falsehood::ResultOfNothing),
            // Neither before nor ever after.
            Told::NotStarted | Told::LeftTheQueue => {
                (!story.started.is_empty()).then_some(Falsehood::StartedAllTheSame)
            }
            Told::Panicked => (!has_begun).then_some(Falsehood::PanickedUnstarted),
            Told::Done => (!has_ended).then_some(Falsehood::NotDone),
            Told::Lost { pid: Some(pid) } => {
                let dangers = self.dangers.get(&pid).into_iter().flatten();
                let has_cause = dangers.into_iter().any(|line| *line < at);
                (!has_cause).then_some(Falsehood::LostWithoutCause)
            }
            Told::Lost { pid: None } | Told::Unknown | Told::Left => None,
        }
    }

    fn tell(&self, story: &Story) -> Vec<(usize, String)> {
        let mut numbers: BTreeSet<usize> =
            story.called.iter().chain(&story.ended).copied().collect();
        let mut processes = BTreeSet::new();
        for (number, pid) in &story.started {
            numbers.insert(*number);
            processes.insert(*pid);
        }
        for (number, told) in &story.outcomes {
            numbers.insert(*number);
            if let Told::Lost { pid: Some(pid) } = told {
                processes.insert(*pid);
            }
        }
        for pid in processes {
            numbers.extend(self.dangers.get(&pid).into_iter().flatten());
        }
        let line = |number: usize| (number, self.lines[number - 1].to_owned());
        numbers.into_iter().map(line).collect()
    }
}

impl Story {
    fn run_as_allowed(&self, falsehoods: &mut BTreeSet<Falsehood>) {
        let first = [
            self.started.first().map(|(line, _)| line),
            self.ended.first(),
            self.outcomes.first().map(|(line, _)| line),
        ];
        let first = first.into_iter().flatten().min();
        match self.called[..] {
            [] => falsehoods.insert(Falsehood::NeverCalled),
            [called] if first.is_some_and(|first| *first < called) => {
                falsehoods.insert(Falsehood::NeverCalled)
            }
            [_] => false,
            [_, ..] => falsehoods.insert(Falsehood::CalledTwice),
        };
        if !self.called.is_empty() && self.started.len() > self.runs {
            falsehoods.insert(Falsehood::RanTooOften);
        }
        // The end number n comes after the beginning number n.
        let begun = |end: usize| self.started.iter().filter(|(line, _)| *line < end).count();
        if (1..).zip(&self.ended).any(|(ends, &end)| ends > begun(end)) {
            falsehoods.insert(Falsehood::EndedUnstarted);
        }
    }

    fn told_once(&self, ending: Ending, falsehoods: &mut BTreeSet<Falsehood>) {
        match (self.outcomes.len(), ending) {
            (0, Ending::InOrder) => falsehoods.insert(Falsehood::NoOutcome),
            (0, Ending::Killed) | (1, Ending::InOrder | Ending::Killed) => false,
            (2.., Ending::InOrder | Ending::Killed) => falsehoods.insert(Falsehood::TwoOutcomes),
        };
    }
}
