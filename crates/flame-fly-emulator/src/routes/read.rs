//! `GET …/machines/{id}` and its events

use super::target;
use crate::event::Event;
use crate::http::{Answer, Request};
use crate::vm::{Detail, EVENTS_KEPT, EVENTS_SHOWN};
use crate::world::World;

/// Also after the machine was destroyed.
pub(super) fn get(world: &World, request: &Request) -> Result<Answer, Answer> {
    let (app, id) = target(request);
    let vm = world.vm(app, id).ok_or_else(Answer::machine_not_found)?;
    let detail = Detail {
        is_summary: false,
        with_lease: request.switched_on("include_leases"),
    };
    Ok(Answer::ok(vm.to_json(world.shown_state(vm), detail)))
}

/// The newest first.
pub(super) fn events(world: &World, request: &Request) -> Result<Answer, Answer> {
    let (app, id) = target(request);
    let vm = world.vm(app, id).ok_or_else(Answer::machine_not_found)?;
    let limit = match request.asked("limit") {
        Some(limit) => limit
            .parse()
            .map_err(|_| Answer::error(400, "invalid_argument: invalid limit, not a number"))?,
        None => EVENTS_SHOWN,
    };
    let events = vm.events.iter().take(limit.min(EVENTS_KEPT));
    Ok(Answer::ok(events.map(Event::to_json).collect()))
}
