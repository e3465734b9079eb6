use std::fs;
use std::time::{Duration, Instant};

use flame::{CallError, ExitKind, Pool};
use flame_oracle::Dice;
use rustix::process::{Pid, Signal, kill_process};
use tokio::time::{MissedTickBehavior, interval};

use crate::recorded::{Records, attached, has_its_capacity, is_conserved, told, works};
use crate::tasks::pool;

const CALLS: u64 = 2_000;
const MAX: usize = 4;
const MAX_CONCURRENCY: usize = 4;
/// The same victims in the same order, as far as the same runners are there to choose from.
const SEED: u64 = 7;

/// Kills a runner at a time.
struct Storm {
    dice: Dice,
    kills: u64,
}

impl Storm {
    fn strike(&mut self, pool: &Pool, records: &Records) {
        let attached = attached(pool);
        let Some(&victim) = self.dice.pick(&attached).filter(|pid| is_child(**pid)) else {
            return;
        };
        records.journal.endangered(victim, "SIGKILL").unwrap();
        self.kills += 1;
        // It may have come to its end a moment ago.
        let _ = kill_process(Pid::from_raw(victim as i32).unwrap(), Signal::KILL);
    }
}

/// Whether the process is one of this one's; an id alone may have become somebody else's.
fn is_child(pid: u32) -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields = stat.rsplit_once(") ").map(|(_, fields)| fields);
    let parent = fields.and_then(|fields| fields.split(' ').nth(1));
    parent.is_some_and(|parent| parent == std::process::id().to_string())
}

#[tokio::test]
async fn every_call_has_one_true_outcome_while_runners_are_killed() {
    let records = Records::new();
    let pool = pool("storm")
        .max(MAX)
        .max_concurrency(MAX_CONCURRENCY)
        .timeout(Duration::from_secs(110))
        .start()
        .await
        .unwrap();
    let began_at = Instant::now();
    let calls: Vec<_> = (0..CALLS)
        .map(|id| {
            records.journal.called(id, "works").unwrap();
            let (call, journal) = (
                works(records.path(), id, 50).on(&pool),
                records.journal.clone(),
            );
            tokio::spawn(async move {
                let outcome = call.await;
                let why = outcome.as_ref().err().map(ToString::to_string);
                let why = why.unwrap_or_default();
                journal.told(id, told(&outcome), &why).unwrap();
                outcome
            })
        })
        .collect();

    let mut storm = Storm {
        dice: Dice::new(SEED),
        kills: 0,
    };
    let mut rhythm = interval(Duration::from_millis(200));
    rhythm.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !calls.iter().all(tokio::task::JoinHandle::is_finished) {
        rhythm.tick().await;
        storm.strike(&pool, &records);
    }
    let mut losses = 0;
    for call in calls {
        match call.await.unwrap() {
            Ok(()) => {}
            Err(CallError::RunnerLost(lost)) => {
                assert_eq!(lost.reason.exit(), Some(ExitKind::Signal(9)), "{lost}");
                losses += 1;
            }
            Err(error) => panic!("{error}"),
        }
    }
    let kills = storm.kills;
    let tally = records.judged();
    eprintln!("storm: {tally}, in {:.1?}", began_at.elapsed());
    assert!(
        losses <= kills * MAX_CONCURRENCY as u64,
        "{losses} by {kills} kills"
    );
    assert!(losses * 10 <= CALLS, "{losses} of {CALLS} by {kills} kills");
    assert!(
        losses > 0 && kills > 20,
        "a storm that does nothing: {tally}"
    );
    is_conserved(&pool).await;
    has_its_capacity(&pool, MAX, MAX_CONCURRENCY).await;
    pool.shutdown().await;
}
