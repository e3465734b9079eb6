use flame_core::pool::{PoolEvent, SlotAfter};
use flame_core::runner::RunnerPhase;

use super::ledger::{Node, Place, Use};
use super::options::{Step, ended};
use super::promises;
use super::scope::Scope;

/// A state in which things go well comes to rest within so many steps.
const STEPS_TO_REST: usize = 200;

/// Lets only good things happen, and makes sure that everybody is answered and nothing is left to do.
pub(super) fn comes_to_rest(node: &Node, scope: &Scope) {
    let mut node = node.clone();
    for _ in 0..STEPS_TO_REST {
        let Some(step) = good_news(&node) else {
            return rests(&node);
        };
        node.take(step, scope);
        promises::check(&node, scope);
    }
    panic!("no rest in sight: {:?}", node.pool.poll_timeout());
}

fn rests(node: &Node) {
    assert!(
        node.callers.values().all(|&place| place == Place::Over),
        "{:?}",
        node.callers
    );
    let counts = node.pool.counts();
    let left = if node.shutting_down {
        0
    } else {
        node.limits.min()
    };
    assert_eq!(
        (counts.ready, node.runners.len()),
        (left, left),
        "{counts:?}"
    );
    assert_eq!(node.ended, node.shutting_down);
    assert_eq!(counts.totals.submitted, counts.totals.answered());
}

fn good_news(node: &Node) -> Option<Step> {
    let caller = node
        .callers
        .iter()
        .find_map(|(&caller, &place)| match place {
            Place::On {
                what: Use::Work { .. },
                ..
            } => Some(ended(caller, SlotAfter::Free)),
            Place::On {
                what: Use::Values, ..
            } => Some(PoolEvent::ResidentsReleased { caller }),
            Place::Waiting | Place::Over => None,
        });
    let runner = || {
        node.runners
            .iter()
            .find_map(|(&id, runner)| match runner.phase {
                RunnerPhase::Booting => Some(PoolEvent::RunnerAttached { runner: id }),
                RunnerPhase::Ready => {
                    let answer = PoolEvent::IdleAnswered {
                        runner: id,
                        idle: true,
                    };
                    node.is_asked_to_go(id).then_some(answer)
                }
                RunnerPhase::Draining => Some(PoolEvent::RunnerFinished { runner: id }),
                RunnerPhase::Reaping => Some(PoolEvent::InstanceGone { runner: id }),
                RunnerPhase::Poisoned | RunnerPhase::Gone => None,
            })
    };
    let event = caller.or_else(runner).map(Step::News);
    event.or_else(|| node.pool.poll_timeout().map(|_| Step::Wake))
}
