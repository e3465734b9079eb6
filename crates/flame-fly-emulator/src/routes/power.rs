//! Starting, stopping and destroying

use std::time::Duration;

use serde_json::{Value, json};

use super::{may_change, target};
use crate::config::DESTROY_AGAIN;
use crate::go_duration;
use crate::http::{Answer, Request};
use crate::order::Order;
use crate::state::State;
use crate::vm::Vm;
use crate::world::World;

/// What a machine gets that is stopped, if nobody says otherwise.
const STOP_SIGNAL: &str = "SIGINT";
/// How long it may take then.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);
/// How long it may take at most.
const LONGEST_STOP: Duration = Duration::from_secs(300);

pub(super) fn start(world: &mut World, request: &Request) -> Result<Answer, Answer> {
    let (app, id) = target(request);
    let vm = world.vm(app, id).filter(|vm| vm.is_live());
    let vm = vm.ok_or_else(Answer::machine_not_found)?;
    may_change(vm, request)?;
    let previous = vm.state;
    let refusal = match previous {
        State::Stopped | State::Failed => None,
        State::Created if !vm.launches => None,
        State::Started => Some("machine still active, refusing to start".to_owned()),
        State::Created
        | State::Starting
        | State::Stopping
        | State::Restarting
        | State::LaunchFailed
        | State::Destroying
        | State::Destroyed => Some(format!(
            "unable to start machine from current state: '{previous}'"
        )),
    };
    if let Some(refusal) = refusal {
        let text = format!("failed_precondition: {refusal}");
        return Err(Answer::error(412, text));
    }
    // Its task lives until it is destroyed.
    let _ = vm.orders.send(Order::Start);
    let id = vm.id.clone();
    world.enter(&id, State::Starting);
    world.tell(&id, ("start", "starting", "user"), None);
    Ok(Answer::ok(json!({
        "previous_state": previous.name(),
        "migrated": false,
        "new_host": "",
    })))
}

/// What is stopped already is stopped again.
pub(super) fn stop(world: &mut World, request: &Request, body: &Value) -> Result<Answer, Answer> {
    let (app, id) = target(request);
    let vm = world.vm(app, id).filter(|vm| vm.is_live());
    let vm = vm.ok_or_else(Answer::machine_not_found)?;
    may_change(vm, request)?;
    let order = stop_order(vm, body)?;
    match vm.state {
        State::Stopped | State::Failed | State::Stopping | State::Destroying => {
            return Ok(Answer::done());
        }
        State::Started => {}
        State::Created
        | State::Starting
        | State::Restarting
        | State::LaunchFailed
        | State::Destroyed => {
            // The text is a guess.
            let text = format!(
                "failed_precondition: unable to stop machine from current state: '{}'",
                vm.state
            );
            return Err(Answer::error(412, text));
        }
    }
    // Its task lives until it is destroyed.
    let _ = vm.orders.send(order);
    let id = vm.id.clone();
    world.enter(&id, State::Stopping);
    world.tell(
        &id,
        ("stop", "stopping", "user"),
        Some(json!({"reason": ""})),
    );
    Ok(Answer::done())
}

fn stop_order(vm: &Vm, body: &Value) -> Result<Order, Answer> {
    let asked = |field: &str| {
        body.get(field)
            .and_then(Value::as_str)
            .filter(|it| !it.is_empty())
    };
    let signal = asked("signal")
        .or_else(|| vm.configured("stop_config", "signal"))
        .unwrap_or(STOP_SIGNAL);
    let signal = number_of(signal).ok_or_else(|| {
        Answer::error(400, format!("invalid_argument: invalid signal {signal:?}"))
    })?;
    let timeout = match asked("timeout") {
        Some(text) => Some(
            go_duration::parse(text)
                .ok_or_else(|| Answer::error(400, format!("time: invalid duration {text:?}")))?,
        ),
        None => configured_timeout(vm),
    };
    let timeout = timeout.unwrap_or(STOP_TIMEOUT).min(LONGEST_STOP);
    Ok(Order::Stop { signal, timeout })
}

/// Text is for people, and numbers are nanoseconds.
fn configured_timeout(vm: &Vm) -> Option<Duration> {
    let timeout = vm.config.get("stop_config")?.get("timeout")?;
    match timeout.as_u64() {
        Some(nanoseconds) => Some(Duration::from_nanos(nanoseconds)),
        None => go_duration::parse(timeout.as_str()?),
    }
}

fn number_of(signal: &str) -> Option<i32> {
    let known = [
        ("SIGHUP", 1),
        ("SIGINT", 2),
        ("SIGQUIT", 3),
        ("SIGKILL", 9),
        ("SIGUSR1", 10),
        ("SIGUSR2", 12),
        ("SIGTERM", 15),
    ];
    let found = known.iter().find(|(name, _)| *name == signal);
    found.map(|(_, number)| *number)
}

pub(super) fn destroy(world: &mut World, request: &Request) -> Result<Answer, Answer> {
    let (app, id) = target(request);
    let vm = world.vm(app, id).ok_or_else(Answer::machine_not_found)?;
    if let Some(at) = vm.destroyed_at {
        // What the real API answers is not recorded, only that it can be taken for success.
        return if at.elapsed() < DESTROY_AGAIN {
            Ok(Answer::done())
        } else {
            Err(Answer::machine_not_found())
        };
    }
    may_change(vm, request)?;
    if vm.state == State::Destroying {
        return Ok(Answer::done());
    }
    let is_forced = request.switched_on("force") || request.switched_on("kill");
    if !is_forced && !vm.state.is_at_rest() {
        let text = "failed_precondition: unable to destroy machine, \
                    not currently stopped, suspended, failed or created";
        return Err(Answer::error(412, text));
    }
    let id = vm.id.clone();
    world.destroy(&id, "user");
    Ok(Answer::done())
}
