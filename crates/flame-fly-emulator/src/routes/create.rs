//! `POST /apps/{app}/machines`

mod guest;
mod place;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::http::{Answer, Request};
use crate::lease::Lease;
use crate::life::Life;
use crate::shared::Shared;
use crate::state::State;
use crate::token::hashed;
use crate::vm::{Detail, Vm};
use crate::world::World;

/// The machine is there when this returns; it boots later.
pub(super) fn create(shared: &Arc<Shared>, request: &Request, body: &Value) -> Answer {
    let (orders, heard) = mpsc::unbounded_channel();
    let made = shared.change(|world| {
        let vm = vm(world, request, body, orders)?;
        let id = vm.id.clone();
        let (script, launches) = (vm.script.clone(), vm.launches);
        world.vms.push(vm);
        world.enter(&id, State::Created);
        world.tell(&id, ("launch", "pending", "flyd"), Some(Value::Null));
        world.tell(&id, ("launch", "created", "user"), Some(Value::Null));
        let nonce = lease(world, request, body, &id);
        Ok((id, script, launches, nonce))
    });
    let (id, script, launches, nonce) = match made {
        Ok(made) => made,
        Err(refusal) => return refusal,
    };
    let json = shared
        .world()
        .any_vm(&id)
        .map(|vm| vm.to_json(vm.state, Detail::default()));
    let Some(mut json) = json else {
        return Answer::machine_not_found();
    };
    if let (Some(nonce), Some(object)) = (nonce, json.as_object_mut()) {
        object.insert("nonce".to_owned(), nonce.into());
    }
    let life = Life::new(Arc::clone(shared), id, heard, script);
    shared.spawn(life.live(launches));
    Answer::ok(json)
}

fn vm(
    world: &mut World,
    request: &Request,
    body: &Value,
    orders: mpsc::UnboundedSender<crate::order::Order>,
) -> Result<Vm, Answer> {
    let (app, _) = super::target(request);
    let empty = Map::new();
    let config = body
        .get("config")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    if config
        .get("image")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .is_empty()
    {
        let text = "invalid_argument: invalid config.image, cannot be empty";
        return Err(Answer::error(400, text));
    }
    guest::check(config)?;
    let name = match body.get("name").and_then(Value::as_str) {
        Some(name) if !name.is_empty() => name.to_owned(),
        Some(_) | None => world.ids.name(),
    };
    let mut live = world.vms.iter().filter(|vm| vm.is_live() && vm.app == app);
    if let Some(other) = live.find(|vm| vm.name == name) {
        let text = format!(
            "already_exists: unique machine name violation, machine ID {} already exists with name {name:?}",
            other.id
        );
        return Err(Answer::error(409, text));
    }
    let region = place::place(world, body.get("region").and_then(Value::as_str))?;
    let number = world.config.apps.iter().position(|known| known.name == app);
    let now = world.now();
    Ok(Vm {
        id: world.ids.machine(),
        app: app.to_owned(),
        name,
        region,
        state: State::Created,
        instance_id: world.ids.ulid(now),
        private_ip: world.ids.private_ip(number.unwrap_or(0)),
        created: now,
        updated: now,
        config: normalized(config),
        skip_secrets: body.get("skip_secrets").and_then(Value::as_bool) == Some(true),
        launches: body.get("skip_launch").and_then(Value::as_bool) != Some(true),
        events: VecDeque::new(),
        lease: None,
        host_status: "ok",
        listed_at: Instant::now() + world.config.replication_delay,
        destroyed_at: None,
        script: world.boots.take(),
        orders,
        pid: None,
        output: VecDeque::new(),
        restarts: 0,
        history: Vec::new(),
    })
}

/// The API adds what is missing, and leaves out what is null.
fn normalized(config: &Map<String, Value>) -> Map<String, Value> {
    let mut config = config.clone();
    for section in ["init", "dns"] {
        let found = config.get(section).is_some_and(|value| !value.is_null());
        if !found {
            config.insert(section.to_owned(), json!({}));
        }
    }
    let services = config.get_mut("services").and_then(Value::as_array_mut);
    for service in services.into_iter().flatten() {
        if let Some(autostop) = service.get_mut("autostop") {
            match autostop.as_str() {
                Some("off") => *autostop = false.into(),
                Some("stop") => *autostop = true.into(),
                Some(_) | None => {}
            }
        }
    }
    let mut config = Value::Object(config);
    without_nulls(&mut config);
    config.as_object().cloned().unwrap_or_default()
}

fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(without_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(without_nulls),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The lease with which it may be born.
fn lease(world: &mut World, request: &Request, body: &Value, id: &str) -> Option<String> {
    let ttl = body
        .get("lease_ttl")
        .and_then(Value::as_u64)
        .filter(|ttl| *ttl > 0)?;
    let nonce = world.ids.nonce();
    let now = world.now();
    let lease = Lease::new(
        nonce.clone(),
        owner(request),
        String::new(),
        now,
        Duration::from_secs(ttl),
    );
    world.any_vm_mut(id)?.lease = Some(lease);
    Some(nonce)
}

/// By whom a lease is held: the owner of the token, who is as secret as that.
pub(super) fn owner(request: &Request) -> String {
    let hash = hashed(request.token().unwrap_or_default());
    format!("{}@tokens.fly.io", hash.trim_start_matches('#'))
}
