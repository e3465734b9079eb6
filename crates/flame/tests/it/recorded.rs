//! Calls that write down what happens to them, and what is asked of a pool when they are over.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use flame::{CallError, Outcome, Pool};
use flame_oracle::{Ending, Journal, Meeting, Tally, Told, judge};
use tempfile::TempDir;

use crate::processes::eventually;

/// How long calls may take that have to come together.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a task looks whether the others have come.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// Works for this long.
#[flame::remote]
pub(crate) async fn works(journal: PathBuf, id: u64, millis: u64) {
    let journal = Journal::at(journal);
    journal.started(id).unwrap();
    tokio::time::sleep(Duration::from_millis(millis)).await;
    journal.ended(id).unwrap();
}

/// Stays until everybody has come.
#[flame::remote]
async fn meets(path: PathBuf, expected: usize) {
    let meeting = Meeting::at(path, expected);
    meeting.arrive().unwrap();
    while !meeting.takes_place() {
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// A journal, which is removed with its owner.
pub(crate) struct Records {
    _folder: TempDir,
    pub(crate) journal: Journal,
}

impl Records {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::at(folder.path().join("journal"));
        std::fs::File::create(journal.path()).unwrap();
        Self {
            _folder: folder,
            journal,
        }
    }

    /// The journal's file.
    pub(crate) fn path(&self) -> PathBuf {
        self.journal.path().to_owned()
    }

    /// Makes sure that nobody was lied to, and says what happened.
    pub(crate) fn judged(&self) -> Tally {
        let lines = self.journal.lines().unwrap();
        let verdict = judge(lines.iter().map(String::as_str), Ending::InOrder);
        let lies: Vec<String> = verdict.lies.iter().map(ToString::to_string).collect();
        assert!(
            lies.is_empty(),
            "{}\n{} lies, {}",
            lies.join("\n"),
            lies.len(),
            verdict.tally
        );
        verdict.tally
    }
}

/// What the caller was told, in the words of the journal.
pub(crate) fn told<T>(outcome: &Result<T, CallError>) -> Told {
    match outcome {
        Ok(_) => Told::Ok,
        Err(CallError::RunnerLost(lost)) => Told::Lost {
            pid: process_in(&lost.runner),
        },
        Err(CallError::Panicked { .. }) => Told::Panicked,
        Err(error) => match error.outcome() {
            Outcome::NotStarted => Told::NotStarted,
            Outcome::Done => Told::Done,
            Outcome::Unknown => Told::Unknown,
        },
    }
}

/// The process in a runner's name, `… (pid 7)`.
pub(crate) fn process_in(runner: &str) -> Option<u32> {
    let (_, pid) = runner.rsplit_once("pid ")?;
    pid.trim_end_matches(')').parse().ok()
}

/// The processes that have called back, by their runner.
pub(crate) fn attached(pool: &Pool) -> Vec<u32> {
    let runners = pool.snapshot().runners.into_iter();
    let attached = runners.filter(|runner| runner.attached);
    attached
        .filter_map(|runner| process_in(runner.provider_id.as_deref()?))
        .collect()
}

/// Makes sure that the pool has forgotten nobody and that nothing is left of anybody.
pub(crate) async fn is_conserved(pool: &Pool) {
    eventually("no caller and no work is left", || {
        let counts = pool.snapshot().counts;
        counts.queued == 0 && counts.running == 0 && counts.unconfirmed == 0
    })
    .await;
    let totals = pool.snapshot().counts.totals;
    assert_eq!(totals.submitted, totals.answered(), "{totals:?}");
}

/// Makes sure that no slot is lost, and that none was invented: as many calls as the pool may run come together.
pub(crate) async fn has_its_capacity(pool: &Pool, max: usize, max_concurrency: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("meeting");
    let expected = max * max_concurrency;
    let calls: Vec<_> = (0..expected)
        .map(|_| tokio::spawn(meets(path.clone(), expected).on(pool).timeout(PATIENCE)))
        .collect();
    for call in calls {
        let outcome = call.await.unwrap();
        assert!(outcome.is_ok(), "{outcome:?} at {:#?}", pool.snapshot());
    }
    let arrivals = Meeting::at(path, expected).arrivals().unwrap();
    let slots: BTreeMap<_, _> = arrivals.keys().map(|pid| (*pid, max_concurrency)).collect();
    assert_eq!(arrivals, slots);
    assert_eq!(arrivals.len(), max);
    is_conserved(pool).await;
}
