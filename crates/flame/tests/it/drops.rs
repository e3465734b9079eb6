//! Ten thousand calls whose futures are dropped at a random moment.
//!
//! At which moment that was is not guessed but shown. One thread submits all calls and drops them, and writes `O`
//! into the journal right before the drop, so what a task wrote before that line it had done by then. The stages:
//!
//! - **Queued**: from before the call was submitted until after it was dropped, the pool granted no slot to anybody.
//! - **Granted**: the pool had a free slot and an empty queue when the call was submitted, and so granted the slot
//!   within the first poll; and the task had not written that it begins.
//! - **Running**: the task had written that it begins, and not that it ends.
//! - **Finishing**: the task had written that it ends, and nobody had polled the call since it was submitted. Whether
//!   the result is in the runner, on its way or in the future that is dropped, is left to chance.
//!
//! What is none of these (say, granted after it had waited) is dropped all the same, and counted as **other**.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Waker};
use std::time::Duration;

use flame::{Blob, Call, Pool};
use flame_oracle::{Dice, Entry, Journal, Told};

use crate::processes::{cpu_ticks, eventually};
use crate::recorded::{Records, attached, has_its_capacity, is_conserved};
use crate::tasks::pool;

const CALLS: u64 = 10_000;
const MAX: usize = 2;
const MAX_CONCURRENCY: usize = 4;
const SLOTS: usize = MAX * MAX_CONCURRENCY;
/// The same calls, dropped in the same order at the same moments, as far as a moment does not depend on chance.
const SEED: u64 = 11;

/// How long runners are looked at to see whether they spin.
const LOOKED_AT_FOR: Duration = Duration::from_secs(1);

/// How large the larger results are: large enough to be some time on their way.
const LARGE: usize = 500_000;

/// Comes to its end at once, with so many bytes for its caller.
#[flame::remote]
async fn ends(journal: PathBuf, id: u64, bytes: usize) -> Blob {
    let journal = Journal::at(journal);
    journal.started(id).unwrap();
    let result = vec![0; bytes];
    journal.ended(id).unwrap();
    result.into()
}

/// Begins, and does not end.
#[flame::remote]
async fn begins(journal: PathBuf, id: u64) -> Blob {
    Journal::at(journal).started(id).unwrap();
    std::future::pending().await
}

/// When a call is to be dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// As soon as it was submitted.
    AtOnce,
    /// When it is its turn.
    InTurn,
    /// When its task has begun.
    Begun,
    /// When its task has come to its end.
    Ended,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Queued,
    Granted,
    Running,
    Finishing,
    Other,
}

/// A call that waits to be dropped.
struct Waiting {
    id: u64,
    call: Call<Blob>,
    moment: Moment,
    /// The pool had a free slot and nobody waited when it was submitted.
    granted_at_once: bool,
    /// How many slots the pool had granted before.
    grants_before: u64,
}

/// What is known of a dropped call beside what the journal says.
enum Known {
    NobodyWasGranted,
    GrantedAtOnce,
    Nothing,
}

/// The one who makes the calls and drops them.
struct Dropper {
    pool: Pool,
    records: Records,
    reader: Reader,
    dice: Dice,
    known: Vec<Known>,
}

impl Dropper {
    fn new(pool: Pool) -> Self {
        let records = Records::new();
        Self {
            reader: Reader::of(&records),
            pool,
            records,
            dice: Dice::new(SEED),
            known: Vec::new(),
        }
    }

    /// Makes some calls, sometimes more than there are slots, and drops them in another order.
    async fn make_a_round(&mut self) {
        let mut waiting = Vec::new();
        // Those that were not granted at once and insist on beginning: the slots must suffice for them.
        let mut late = 0;
        for _ in 0..self.dice.count(1, 2 * SLOTS) {
            let mut moment = match self.dice.between(1, 10) {
                1..=3 => Moment::AtOnce,
                4..=5 => Moment::InTurn,
                6..=7 => Moment::Begun,
                _ => Moment::Ended,
            };
            let is_free = self.free_slots() > 0;
            if !is_free && moment != Moment::AtOnce {
                late += 1;
                if late > SLOTS / 2 {
                    moment = Moment::InTurn;
                }
            }
            let call = self.submit(moment, is_free);
            match moment {
                Moment::AtOnce => self.drop_now(call),
                Moment::InTurn | Moment::Begun | Moment::Ended => waiting.push(call),
            }
        }
        self.dice.shuffle(&mut waiting);
        // Before these can begin, others must have gone.
        waiting.sort_by_key(|call| !call.granted_at_once && call.moment != Moment::InTurn);
        for call in waiting {
            self.drop_in_time(call).await;
        }
    }

    /// How many slots are free for whoever comes next. Nobody else takes one, so they stay free.
    fn free_slots(&self) -> usize {
        let counts = self.pool.snapshot().counts;
        let taken = counts.queued + counts.running + counts.unconfirmed;
        (counts.ready * MAX_CONCURRENCY).saturating_sub(taken)
    }

    /// Submits a call, which from then on nobody polls.
    fn submit(&mut self, moment: Moment, granted_at_once: bool) -> Waiting {
        let id = self.known.len() as u64;
        self.known.push(Known::Nothing);
        self.records.journal.called(id, "is dropped").unwrap();
        let path = self.records.path();
        let mut call = match moment {
            Moment::AtOnce | Moment::InTurn | Moment::Begun => begins(path, id).on(&self.pool),
            Moment::Ended => {
                let bytes = if self.dice.one_in(2) { LARGE } else { 0 };
                ends(path, id, bytes).on(&self.pool)
            }
        };
        let grants_before = self.grants();
        let polled = Pin::new(&mut call).poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending());
        Waiting {
            id,
            call,
            moment,
            granted_at_once,
            grants_before,
        }
    }

    async fn drop_in_time(&mut self, call: Waiting) {
        let (id, reader) = (call.id, &mut self.reader);
        match call.moment {
            Moment::AtOnce | Moment::InTurn => {}
            Moment::Begun => at_once("it begins", || reader.read().started.contains(&id)).await,
            Moment::Ended => at_once("it ends", || reader.read().ended.contains(&id)).await,
        }
        self.drop_now(call);
    }

    fn drop_now(&mut self, call: Waiting) {
        self.records.journal.told(call.id, Told::Left, "").unwrap();
        drop(call.call);
        self.known[call.id as usize] = if self.grants() == call.grants_before {
            Known::NobodyWasGranted
        } else if call.granted_at_once {
            Known::GrantedAtOnce
        } else {
            Known::Nothing
        };
    }

    fn grants(&self) -> u64 {
        self.pool.snapshot().counts.totals.granted
    }

    /// In which stages the calls were dropped.
    fn stages(&self) -> BTreeMap<Stage, usize> {
        let (mut begun, mut ended) = (BTreeSet::new(), BTreeSet::new());
        let mut stages = BTreeMap::new();
        for line in self.records.journal.lines().unwrap() {
            match Entry::parse(&line).unwrap() {
                Entry::Started { id, .. } => drop(begun.insert(id)),
                Entry::Ended { id } => drop(ended.insert(id)),
                Entry::Outcome { id, .. } => {
                    let (begun, ended) = (begun.contains(&id), ended.contains(&id));
                    let stage = match (&self.known[id as usize], begun, ended) {
                        (Known::NobodyWasGranted, false, false) => Stage::Queued,
                        (Known::NobodyWasGranted, ..) => panic!("call {id} began without a slot"),
                        (_, _, true) => Stage::Finishing,
                        (_, true, false) => Stage::Running,
                        (Known::GrantedAtOnce, false, false) => Stage::Granted,
                        (Known::Nothing, false, false) => Stage::Other,
                    };
                    *stages.entry(stage).or_default() += 1;
                }
                Entry::Called { .. } | Entry::Endangered { .. } => {}
            }
        }
        stages
    }
}

/// Waits until the condition holds, without a pause for as long as it usually takes: the moment is short.
async fn at_once(what: &str, mut condition: impl FnMut() -> bool) {
    for _ in 0..500 {
        if condition() {
            return;
        }
        tokio::task::yield_now().await;
    }
    eventually(what, condition).await;
}

/// What tasks have written so far.
struct Reader {
    file: BufReader<File>,
    /// The last line, which may be on its way to the file.
    line: String,
    started: BTreeSet<u64>,
    ended: BTreeSet<u64>,
}

impl Reader {
    fn of(records: &Records) -> Self {
        Self {
            file: BufReader::new(File::open(records.path()).unwrap()),
            line: String::new(),
            started: BTreeSet::new(),
            ended: BTreeSet::new(),
        }
    }

    /// Reads on to the end.
    fn read(&mut self) -> &Self {
        while self.file.read_line(&mut self.line).unwrap() > 0 && self.line.ends_with('\n') {
            match Entry::parse(self.line.trim_end()).unwrap() {
                Entry::Started { id, .. } => drop(self.started.insert(id)),
                Entry::Ended { id } => drop(self.ended.insert(id)),
                Entry::Called { .. } | Entry::Outcome { .. } | Entry::Endangered { .. } => {}
            }
            self.line.clear();
        }
        self
    }
}

#[tokio::test]
async fn dropped_calls_leave_nothing_behind_whatever_they_were_at() {
    let pool = pool("drops")
        .min(MAX)
        .max(MAX)
        .max_concurrency(MAX_CONCURRENCY)
        .start()
        .await
        .unwrap();
    let runners = attached(&pool);
    let mut dropper = Dropper::new(pool.clone());
    while dropper.known.len() < CALLS as usize {
        dropper.make_a_round().await;
        // A slot that does not come free would be noticed, and its runner replaced: that is no excuse.
        assert_eq!(attached(&pool), runners, "{:?}", pool.snapshot());
        if dropper.dice.one_in(2) {
            is_conserved(&pool).await;
        }
    }
    is_conserved(&pool).await;
    assert_eq!(attached(&pool), runners);
    let stages = dropper.stages();
    eprintln!("drops: {stages:?}");
    let tenth = dropper.known.len() / 10;
    for stage in [
        Stage::Queued,
        Stage::Granted,
        Stage::Running,
        Stage::Finishing,
    ] {
        assert!(
            stages.get(&stage).copied().unwrap_or_default() >= tenth,
            "{stage:?}: {stages:?}"
        );
    }
    dropper.records.judged();
    let totals = pool.snapshot().counts.totals;
    // Whoever is dropped late has been answered, and never hears of it.
    assert_eq!(totals.left + totals.returned, totals.submitted);
    let finishing = stages[&Stage::Finishing] as u64;
    eprintln!(
        "drops: of the finishing, {} had their answer",
        totals.returned
    );
    assert!((1..=finishing).contains(&totals.returned), "{totals:?}");
    if cfg!(target_os = "linux") {
        nobody_spins(&pool).await;
    }
    has_its_capacity(&pool, MAX, MAX_CONCURRENCY).await;
    pool.shutdown().await;
}

/// Makes sure that runners without work use no processor to speak of.
async fn nobody_spins(pool: &Pool) {
    let runners = attached(pool);
    assert_eq!(runners.len(), MAX);
    let ticks = || -> Vec<u64> { runners.iter().map(|pid| cpu_ticks(*pid)).collect() };
    let before = ticks();
    tokio::time::sleep(LOOKED_AT_FOR).await;
    let used: Vec<u64> = before
        .iter()
        .zip(ticks())
        .map(|(before, after)| after - before)
        .collect();
    eprintln!(
        "drops: runners without work used {used:?} hundredths of a second in {LOOKED_AT_FOR:?}"
    );
    // A thread that spins uses what it can get, which is a good part of a processor on a busy host as well.
    assert!(used.iter().all(|used| *used <= 10), "{used:?}");
}
