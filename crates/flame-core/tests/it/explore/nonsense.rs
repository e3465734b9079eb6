use flame_core::pool::{PoolAction, PoolEvent, PoolLimits, PoolTimeouts, Retry, SlotAfter};
use flame_core::runner::RunnerPhase;
use flame_core::{CallerId, RunnerId};

use super::ledger::{Node, Place};
use super::options::{Step, ended, failed};

/// What can be heard next, but is late, repeated, or about somebody unknown.
pub(super) fn news(node: &Node) -> Vec<Step> {
    let mut events = Vec::new();
    let stranger = CallerId(99);
    let over = node
        .callers
        .iter()
        .filter(|(_, place)| **place == Place::Over);
    for caller in over.map(|(&id, _)| id).chain([stranger]) {
        events.extend([
            PoolEvent::CallerGone { caller },
            PoolEvent::CallReturned { caller },
            PoolEvent::ChildAccepted { caller },
            PoolEvent::ResidentsReleased { caller },
            ended(caller, SlotAfter::Free),
            ended(caller, SlotAfter::KeptByResidents),
        ]);
    }
    let unborn = RunnerId(node.boots);
    for runner in node.runners.keys().copied().chain([unborn]) {
        let phase = node.runners.get(&runner).map(|runner| runner.phase);
        if phase != Some(RunnerPhase::Booting) {
            events.push(PoolEvent::RunnerAttached { runner });
            events.push(failed(runner, Retry::Later));
            events.push(failed(runner, Retry::Never));
        }
        if phase != Some(RunnerPhase::Reaping) {
            events.push(PoolEvent::InstanceGone { runner });
            events.push(PoolEvent::DestroyFailed { runner });
        } else {
            events.push(PoolEvent::RunnerLost { runner });
            events.push(PoolEvent::RunnerSilent { runner });
            events.push(PoolEvent::RunnerFinished { runner });
            events.push(PoolEvent::RunnerDraining { runner });
        }
        if !node.is_asked_to_go(runner) {
            let idle = true;
            events.push(PoolEvent::IdleAnswered { runner, idle });
        }
    }
    if node.draining || node.shutting_down {
        events.push(PoolEvent::DrainRequested { until: None });
    }
    if node.shutting_down {
        let until = Some(node.now);
        events.push(PoolEvent::DrainRequested { until });
        events.push(PoolEvent::ShutdownRequested);
    }
    if node.killed || node.ended {
        events.push(PoolEvent::KillRequested);
    }
    if node.ended {
        events.push(PoolEvent::LimitsChanged {
            limits: PoolLimits::new(7).unwrap(),
            timeouts: PoolTimeouts::default(),
        });
    }
    events.into_iter().map(Step::News).collect()
}

/// Makes sure that nonsense changes nothing, and that an instance that is not wanted is refused.
pub(super) fn changes_nothing(node: &Node, nonsense: Step) {
    let Step::News(event) = nonsense else { return };
    let mut pool = node.pool.clone();
    pool.handle_event(event, node.now);
    let refusal = match event {
        PoolEvent::RunnerAttached { runner } => Some(PoolAction::RefuseRunner { runner }),
        _ => None,
    };
    assert_eq!(pool.poll_action(), refusal);
    assert_eq!(pool.poll_action(), None);
    let (mut before, after) = (node.pool.counts(), pool.counts());
    before.ignored += u64::from(refusal.is_none());
    assert_eq!(before, after);
    assert!(node.pool.runners().eq(pool.runners()));
    assert_eq!(node.pool.poll_timeout(), pool.poll_timeout());
}
