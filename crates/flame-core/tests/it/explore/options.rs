use std::time::Duration;

use flame_core::pool::{CallerKind, PoolEvent, Retry, SlotAfter, WorkEnd};
use flame_core::runner::RunnerPhase;
use flame_core::{CallerId, RunnerId};

use super::ledger::{Node, Place, Use};
use super::scope::{Beginning, Scope};

/// One thing that can happen.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    News(PoolEvent),
    /// Time passes until the pool wants to be woken.
    Wake,
}

/// Where the exploration of a scope begins.
pub(super) fn beginning(scope: &Scope) -> Node {
    let mut node = Node::begin(scope);
    let callers = match scope.beginning {
        Beginning::Empty => 0,
        Beginning::Busy => scope.callers,
        Beginning::Keeping => 1,
    };
    for caller in (0..callers).map(CallerId) {
        node.take(Step::News(arrival(&node, caller, scope)), scope);
    }
    if callers > 0 {
        for runner in node.in_phase(RunnerPhase::Booting).collect::<Vec<_>>() {
            node.take(Step::News(PoolEvent::RunnerAttached { runner }), scope);
        }
    }
    if scope.beginning == Beginning::Keeping {
        let leaves_values = ended(CallerId(0), SlotAfter::KeptByResidents);
        node.take(Step::News(leaves_values), scope);
    }
    node
}

/// What can happen next.
pub(super) fn news(node: &Node, scope: &Scope) -> Vec<Step> {
    let mut events = Vec::new();
    let comers = u64::try_from(node.callers.len()).unwrap();
    if comers < scope.callers {
        events.push(arrival(node, CallerId(comers), scope));
    }
    for (&caller, &place) in &node.callers {
        caller_news(node, caller, place, &mut events);
    }
    for &runner in node.runners.keys() {
        runner_news(node, runner, &mut events);
    }
    owner_news(node, scope, &mut events);
    let wake = node.pool.poll_timeout().map(|_| Step::Wake);
    events.into_iter().map(Step::News).chain(wake).collect()
}

fn owner_news(node: &Node, scope: &Scope, events: &mut Vec<PoolEvent>) {
    if node.to_come.limit_changes > 0 && !node.ended {
        events.extend(
            Scope::others(node.limits).map(|limits| PoolEvent::LimitsChanged {
                limits,
                timeouts: scope.timeouts(),
            }),
        );
    }
    if node.shutting_down {
        if node.to_come.kills > 0 && !node.ended {
            events.push(PoolEvent::KillRequested);
        }
        return;
    }
    events.push(PoolEvent::ShutdownRequested);
    if node.to_come.kills > 0 {
        events.push(PoolEvent::KillRequested);
    }
    if node.to_come.pool_drains > 0 {
        let soon = node.now + Duration::from_secs(4);
        if !node.draining {
            events.push(PoolEvent::DrainRequested { until: None });
        }
        if node.drain_until.is_none_or(|before| soon < before) {
            events.push(PoolEvent::DrainRequested { until: Some(soon) });
        }
    }
}

/// The second caller has a deadline, the third has little patience for the queue.
fn arrival(node: &Node, caller: CallerId, scope: &Scope) -> PoolEvent {
    let within = |seconds| Some(node.now + Duration::from_secs(seconds));
    PoolEvent::CheckoutRequested {
        caller,
        kind: CallerKind::Call,
        retries: scope.retries,
        deadline: within(8).filter(|_| caller.0 == 1),
        queue_deadline: within(3).filter(|_| caller.0 == 2),
        // The first one keeps its values. All but the last need them.
        pin: Some(CallerId(0)).filter(|_| {
            let needs = 1..scope.callers - 1;
            scope.beginning == Beginning::Keeping && needs.contains(&caller.0)
        }),
    }
}

fn caller_news(node: &Node, caller: CallerId, place: Place, events: &mut Vec<PoolEvent>) {
    if node.is_awaited(caller) {
        events.push(PoolEvent::CallerGone { caller });
    }
    match place {
        Place::On {
            what: Use::Work { .. },
            ..
        } => {
            events.push(ended(caller, SlotAfter::Free));
            if node.to_come.left_values > 0 {
                events.push(ended(caller, SlotAfter::KeptByResidents));
            }
            if node.to_come.returns > 0 {
                events.push(PoolEvent::CallReturned { caller });
            }
        }
        Place::On {
            what: Use::Values, ..
        } => events.push(PoolEvent::ResidentsReleased { caller }),
        Place::Waiting | Place::Over => {}
    }
}

fn runner_news(node: &Node, id: RunnerId, events: &mut Vec<PoolEvent>) {
    let runner = node.runners[&id];
    let (may_be_lost, may_drain) = (node.to_come.losses > 0, node.to_come.drains > 0);
    match runner.phase {
        RunnerPhase::Booting => {
            events.push(PoolEvent::RunnerAttached { runner: id });
            if node.to_come.boot_failures > 0 {
                events.push(failed(id, Retry::Later));
            }
            if node.to_come.hopeless_boots > 0 {
                events.push(failed(id, Retry::Never));
            }
        }
        RunnerPhase::Ready => {
            if node.is_asked_to_go(id) {
                events
                    .extend([true, false].map(|idle| PoolEvent::IdleAnswered { runner: id, idle }));
            }
            if may_drain {
                events.push(PoolEvent::RunnerDraining { runner: id });
            }
        }
        RunnerPhase::Draining => events.push(PoolEvent::RunnerFinished { runner: id }),
        RunnerPhase::Reaping => {
            if runner.being_destroyed {
                events.push(PoolEvent::InstanceGone { runner: id });
                if node.to_come.destroy_failures > 0 {
                    events.push(PoolEvent::DestroyFailed { runner: id });
                }
            }
        }
        RunnerPhase::Poisoned | RunnerPhase::Gone => {}
    }
    let has_session = match runner.phase {
        RunnerPhase::Ready | RunnerPhase::Draining | RunnerPhase::Poisoned => true,
        RunnerPhase::Booting | RunnerPhase::Reaping | RunnerPhase::Gone => false,
    };
    if has_session && may_be_lost {
        events.push(PoolEvent::RunnerLost { runner: id });
    }
}

pub(super) fn ended(caller: CallerId, slot: SlotAfter) -> PoolEvent {
    let end = WorkEnd::Returned;
    PoolEvent::CallEnded { caller, end, slot }
}

pub(super) fn failed(runner: RunnerId, retry: Retry) -> PoolEvent {
    PoolEvent::BootFailed { runner, retry }
}
