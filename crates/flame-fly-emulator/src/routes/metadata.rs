//! Metadata

use serde_json::{Value, json};

use super::{may_change, target};
use crate::http::{Answer, Request};
use crate::vm::Vm;
use crate::world::World;

pub(super) fn all(world: &World, request: &Request) -> Result<Answer, Answer> {
    let vm = live(world, request)?;
    let metadata = vm.metadata().cloned().unwrap_or_default();
    Ok(Answer::ok(metadata.into()))
}

pub(super) fn get(world: &World, request: &Request) -> Result<Answer, Answer> {
    let vm = live(world, request)?;
    let value = vm
        .metadata()
        .and_then(|metadata| metadata.get(key(request)));
    // The text is a guess.
    let value = value.ok_or_else(|| Answer::error(404, "not_found: metadata key not found"))?;
    Ok(Answer::ok(json!({"value": value})))
}

pub(super) fn set(world: &mut World, request: &Request, body: &Value) -> Result<Answer, Answer> {
    let value = body
        .get("value")
        .and_then(Value::as_str)
        .unwrap_or_default();
    change(world, request, [(key(request).to_owned(), value)])
}

pub(super) fn remove(world: &mut World, request: &Request) -> Result<Answer, Answer> {
    change(world, request, [(key(request).to_owned(), "")])
}

/// Null and an empty text remove.
pub(super) fn patch(world: &mut World, request: &Request, body: &Value) -> Result<Answer, Answer> {
    let version = body.get("machine_version").and_then(Value::as_str);
    let is_stale = live(world, request).map(|vm| {
        version.is_some_and(|version| !version.is_empty() && version != vm.instance_id)
    })?;
    if is_stale {
        let text = "failed_precondition: machine version does not match";
        return Err(Answer::error(412, text));
    }
    let metadata = body.get("metadata").and_then(Value::as_object);
    let pairs = metadata.into_iter().flatten();
    let pairs = pairs.map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default()));
    change(world, request, pairs)
}

fn change<'a>(
    world: &mut World,
    request: &Request,
    pairs: impl IntoIterator<Item = (String, &'a str)>,
) -> Result<Answer, Answer> {
    may_change(live(world, request)?, request)?;
    let (app, id) = target(request);
    let now = world.now();
    let vm = world
        .vm_mut(app, id)
        .ok_or_else(Answer::machine_not_found)?;
    vm.updated = now;
    if let Some(metadata) = vm.metadata_mut() {
        for (key, value) in pairs {
            if value.is_empty() {
                metadata.remove(&key);
            } else {
                metadata.insert(key, value.into());
            }
        }
    }
    Ok(Answer::empty(204))
}

fn live<'a>(world: &'a World, request: &Request) -> Result<&'a Vm, Answer> {
    let (app, id) = target(request);
    let vm = world.vm(app, id).filter(|vm| vm.is_live());
    vm.ok_or_else(Answer::machine_not_found)
}

fn key(request: &Request) -> &str {
    request.target.key.as_deref().unwrap_or_default()
}
