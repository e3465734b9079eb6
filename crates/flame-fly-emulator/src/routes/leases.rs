//! Leases

use std::time::Duration;

use serde_json::{Value, json};

use super::create::owner;
use super::{may_change, target};
use crate::http::{Answer, Request};
use crate::lease::Lease;
use crate::world::World;

/// How long a lease is valid if nobody says so, in seconds.
const TTL: u64 = 300;

pub(super) fn get(world: &World, request: &Request) -> Result<Answer, Answer> {
    let (app, id) = target(request);
    let vm = world.vm(app, id).filter(|vm| vm.is_live());
    let vm = vm.ok_or_else(Answer::machine_not_found)?;
    let lease = vm.lease();
    let lease = lease.ok_or_else(|| Answer::error(404, "not_found: lease not found"))?;
    Ok(Answer::ok(lease.to_json(&vm.instance_id)))
}

/// Whoever holds it already gets it anew.
pub(super) fn acquire(
    world: &mut World,
    request: &Request,
    body: &Value,
) -> Result<Answer, Answer> {
    let (app, id) = target(request);
    let vm = world.vm(app, id).filter(|vm| vm.is_live());
    let vm = vm.ok_or_else(Answer::machine_not_found)?;
    may_change(vm, request)?;
    let held = vm.lease().map(|lease| lease.nonce.clone());
    let nonce = held.unwrap_or_else(|| world.ids.nonce());
    let in_query = request.asked("ttl").and_then(|ttl| ttl.parse().ok());
    let ttl = body.get("ttl").and_then(Value::as_u64).or(in_query);
    let description = body.get("description").and_then(Value::as_str);
    let lease = Lease::new(
        nonce,
        owner(request),
        description.unwrap_or_default().to_owned(),
        world.now(),
        Duration::from_secs(ttl.filter(|ttl| *ttl > 0).unwrap_or(TTL)),
    );
    let vm = world
        .vm_mut(app, id)
        .ok_or_else(Answer::machine_not_found)?;
    let json = lease.to_json(&vm.instance_id);
    vm.lease = Some(lease);
    Ok(Answer::json(201, json))
}

pub(super) fn release(world: &mut World, request: &Request) -> Result<Answer, Answer> {
    let (app, id) = target(request);
    let vm = world.vm_mut(app, id).filter(|vm| vm.is_live());
    let vm = vm.ok_or_else(Answer::machine_not_found)?;
    may_change(vm, request)?;
    vm.lease = None;
    Ok(Answer::ok(
        json!({"status": "success", "data": {"ok": true}}),
    ))
}
