//! `GET …/{id}/wait`

use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep_until};

use super::target;
use crate::http::{Answer, Request};
use crate::shared::Shared;
use crate::state::State;

/// How long to wait if nobody says so, and at most.
const LONGEST: u64 = 60;
/// What can be waited for.
const STATES: &[&str] = &[
    "started",
    "stopped",
    "suspended",
    "destroyed",
    "failed",
    "settled",
];

pub(super) async fn wait(shared: &Shared, request: &Request) -> Answer {
    match until(shared, request).await {
        Ok(answer) | Err(answer) => answer,
    }
}

async fn until(shared: &Shared, request: &Request) -> Result<Answer, Answer> {
    let wanted = wanted(request)?;
    let ends_at = Instant::now() + span(request)?;
    let mut changes = shared.changes();
    loop {
        if let Some(answer) = look(shared, request, &wanted)? {
            return Ok(answer);
        }
        tokio::select! {
            // It never fails: the sender is in `shared`.
            _ = changes.changed() => {}
            () = sleep_until(ends_at) => return Err(too_late(shared, request, &wanted)),
        }
    }
}

/// The answer, if the machine is as it should be.
fn look(shared: &Shared, request: &Request, wanted: &[&str]) -> Result<Option<Answer>, Answer> {
    let world = shared.world();
    let (app, id) = target(request);
    let vm = world.vm(app, id).ok_or_else(Answer::machine_not_found)?;
    let state = vm.state;
    let version = request.asked("version").or(request.asked("instance_id"));
    let is_of_this_version = version.is_none_or(|version| version == vm.instance_id);
    let is_there =
        wanted.contains(&state.name()) || wanted.contains(&"settled") && state.is_settled();
    if is_there && is_of_this_version {
        let event = vm.events.front().map(|event| event.id.clone());
        return Ok(Some(Answer::ok(json!({
            "ok": true,
            "state": state.name(),
            "event_id": event,
            "version": vm.instance_id,
        }))));
    }
    if state == State::Destroyed {
        return Err(Answer::machine_not_found());
    }
    Ok(None)
}

fn too_late(shared: &Shared, request: &Request, wanted: &[&str]) -> Answer {
    let world = shared.world();
    let (app, id) = target(request);
    let state = world.vm(app, id).map_or(State::Destroyed, |vm| vm.state);
    let wanted = wanted.join(",");
    let text = format!(
        "deadline_exceeded: machine failed to reach desired state, {wanted}, currently {state}"
    );
    Answer::error(408, text)
}

/// The states that are named, in any of the ways to name several.
fn wanted(request: &Request) -> Result<Vec<&str>, Answer> {
    let named = request
        .all_asked("state")
        .flat_map(|states| states.split(','));
    let named: Vec<&str> = named.filter(|state| !state.is_empty()).collect();
    if let Some(unknown) = named.iter().find(|state| !STATES.contains(state)) {
        let text = format!(
            "invalid_argument: invalid WaitMachineRequest.State: {unknown:?} is no state to wait for"
        );
        return Err(Answer::error(400, text));
    }
    Ok(if named.is_empty() {
        vec!["started"]
    } else {
        named
    })
}

fn span(request: &Request) -> Result<Duration, Answer> {
    let seconds = match request.asked("timeout") {
        Some(text) => text.parse().unwrap_or(0),
        None => LONGEST,
    };
    if (1..=LONGEST).contains(&seconds) {
        return Ok(Duration::from_secs(seconds));
    }
    let text = "invalid_argument: invalid WaitMachineRequest.Timeout: \
                value must be inside range [1s, 1m0s]";
    Err(Answer::error(400, text))
}
