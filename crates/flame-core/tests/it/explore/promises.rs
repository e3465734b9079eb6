use flame_core::RunnerId;
use flame_core::runner::RunnerPhase;

use super::ledger::{Node, Place, Use};
use super::scope::Scope;

/// Makes sure that a state keeps every promise.
pub(super) fn check(node: &Node, scope: &Scope) {
    the_pool_knows_what_the_world_knows(node);
    nobody_is_forgotten(node);
    slots_and_runners_stay_within_limits(node);
    if node.shutting_down {
        let unfit =
            node.in_phase(RunnerPhase::Booting).count() + node.in_phase(RunnerPhase::Ready).count();
        assert_eq!(unfit, 0, "a runner is left to work during the shutdown");
        let reaping = node.in_phase(RunnerPhase::Reaping).count();
        assert!(
            !node.killed || reaping == node.runners.len(),
            "a runner outlives the kill"
        );
        let waiting = node.waiting().next();
        assert_eq!(waiting, None, "somebody waits during the shutdown");
        assert_eq!(node.runners.is_empty(), node.ended, "the end is not told");
    } else {
        nobody_waits_beside_a_free_slot(node, scope);
        there_are_as_many_runners_as_are_wanted(node);
    }
    let wake = node.pool.poll_timeout();
    assert!(
        wake.is_none_or(|(at, _)| at > node.now),
        "{wake:?} is overdue"
    );
}

fn the_pool_knows_what_the_world_knows(node: &Node) {
    let pool: Vec<_> = node.pool.runners().collect();
    let used = |id: RunnerId| node.used(id);
    let world = node
        .runners
        .iter()
        .map(|(&id, runner)| (id, runner.phase, used(id)));
    assert_eq!(pool, world.collect::<Vec<_>>());
}

fn nobody_is_forgotten(node: &Node) {
    let counts = node.pool.counts();
    let places = || node.callers.values().copied();
    let on = |wanted: fn(Use) -> bool| {
        places()
            .filter(|&place| match place {
                Place::On { what, .. } => wanted(what),
                Place::Waiting | Place::Over => false,
            })
            .count()
    };
    let waiting = places().filter(|&place| place == Place::Waiting).count();
    assert_eq!(counts.queued, waiting);
    assert_eq!(counts.pinned, node.waiting_pinned().count());
    assert_eq!(
        counts.running,
        on(|what| matches!(what, Use::Work { awaited: true, .. }))
    );
    assert_eq!(
        counts.unconfirmed,
        on(|what| matches!(what, Use::Work { awaited: false, .. }))
    );
    assert_eq!(counts.residents, on(|what| what == Use::Values));
    let alive = u64::try_from(counts.queued + counts.running).unwrap();
    assert_eq!(counts.totals.submitted, alive + counts.totals.answered());
    assert!(counts.are_conserved(), "{counts:?}");
    assert_eq!(node.pool.stage(), node.stage());
}

fn slots_and_runners_stay_within_limits(node: &Node) {
    for &id in node.runners.keys() {
        assert!(node.used(id) <= node.most_slots, "{id} is overloaded");
    }
    let live = node.runners.len() - node.in_phase(RunnerPhase::Reaping).count();
    let (max, booting) = (
        node.limits.max(),
        node.in_phase(RunnerPhase::Booting).count(),
    );
    let ready = node.in_phase(RunnerPhase::Ready).count();
    // After `max` was lowered, what is too much is on its way out, and nothing is on its way up.
    assert!(ready + booting <= max, "{ready} ready, {booting} boots");
    assert!(
        live <= max || booting == 0 && node.limits_changed,
        "{live} runners are live"
    );
}

fn nobody_waits_beside_a_free_slot(node: &Node, scope: &Scope) {
    let open = node.runners.keys().find(|&&id| node.is_open(id, scope));
    if let Some(open) = open {
        let waiting = node.waiting_unpinned().next();
        assert_eq!(waiting, None, "waits although {open} has a slot");
    }
    for (caller, group) in node.waiting_pinned() {
        let home = node.home_of(group);
        assert!(home.is_some(), "{caller} waits for values that are gone");
        let has_place = node.has_place_beside(group, scope);
        assert!(!has_place, "{caller} waits although there is a slot");
    }
}

fn there_are_as_many_runners_as_are_wanted(node: &Node) {
    let ready: Vec<_> = node.in_phase(RunnerPhase::Ready).collect();
    let slots_each = node.limits.max_concurrency();
    let used: usize = ready.iter().map(|&id| node.used(id).min(slots_each)).sum();
    let slots = used + node.waiting_unpinned().count();
    let wanted = slots.div_ceil(slots_each);
    let min = if node.draining { 0 } else { node.limits.min() };
    let target = wanted.clamp(min, node.limits.max());
    let booting = node.in_phase(RunnerPhase::Booting).count();
    let surplus = booting > target.saturating_sub(ready.len());
    assert!(
        !surplus,
        "{booting} boots, {} ready, {target} wanted",
        ready.len()
    );
    let live = node.runners.len() - node.in_phase(RunnerPhase::Reaping).count();
    let is_pausing = node.pool.counts().boot_failures > 0 || node.losses_in_a_row > 1;
    let is_served = ready.len() + booting >= target || live >= node.limits.max() || is_pausing;
    assert!(
        is_served,
        "{booting} boots, {} ready, {target} wanted",
        ready.len()
    );
}
