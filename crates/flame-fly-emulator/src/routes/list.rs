//! `GET /apps/{app}/machines` and `GET /orgs/{org}/machines`

use serde_json::{Value, json};
use tokio::time::Instant;

use super::target;
use crate::http::{Answer, Request};
use crate::vm::{Detail, Vm};
use crate::wall::{parse_rfc3339, rfc3339_millis};
use crate::world::World;

/// The most machines that one answer about an organization has.
const MOST: usize = 1000;

/// What the keys of the query that ask for metadata begin with.
const METADATA: &str = "metadata.";

pub(super) fn list(world: &World, request: &Request) -> Result<Answer, Answer> {
    let (app, _) = target(request);
    let detail = Detail {
        is_summary: request.switched_on("summary"),
        with_lease: request.switched_on("include_leases"),
    };
    let listed = world
        .vms
        .iter()
        .filter(|vm| vm.app == app && is_asked_for(vm, request) && has_the_metadata(vm, request));
    let listed = listed.map(|vm| vm.to_json(world.shown_state(vm), detail));
    Ok(Answer::ok(listed.collect()))
}

pub(super) fn of_org(world: &World, request: &Request) -> Result<Answer, Answer> {
    let org = request.target.org.as_deref().unwrap_or_default();
    let apps = world.config.apps.iter().filter(|app| app.org == org);
    let apps: Vec<&str> = apps.map(|app| app.name.as_str()).collect();
    if apps.is_empty() {
        return Err(Answer::error(404, "organization not found"));
    }
    let after = request.asked("updated_after").map(parse_rfc3339);
    if after == Some(None) {
        let text = "invalid_argument: invalid updated_after, not RFC 3339";
        return Err(Answer::error(400, text));
    }
    let after = after.flatten().unwrap_or(0);
    let limit = request.asked("limit").and_then(|limit| limit.parse().ok());
    let limit = limit.unwrap_or(MOST).clamp(1, MOST);
    let skip = request
        .asked("cursor")
        .and_then(|cursor| cursor.parse().ok());
    let skip = skip.unwrap_or(0_usize);
    let mut found: Vec<&Vm> = world.vms.iter().collect();
    found.retain(|vm| {
        apps.contains(&vm.app.as_str()) && vm.updated > after && is_asked_for(vm, request)
    });
    let page: Vec<&Vm> = found.iter().skip(skip).take(limit).copied().collect();
    let is_last = skip + page.len() >= found.len();
    let last = page.last();
    Ok(Answer::ok(json!({
        "machines": page.iter().map(|vm| overview(vm)).collect::<Vec<Value>>(),
        "next_cursor": if is_last { String::new() } else { (skip + page.len()).to_string() },
        "last_machine_id": last.map(|vm| vm.id.clone()),
        "last_updated_at": last.map(|vm| rfc3339_millis(vm.updated)),
        "error_regions": [],
    })))
}

fn is_asked_for(vm: &Vm, request: &Request) -> bool {
    let region = request.asked("region");
    let mut states = request
        .asked("state")
        .into_iter()
        .flat_map(|states| states.split(','));
    let no_state = request.asked("state").is_none();
    (vm.is_live() || request.switched_on("include_deleted"))
        && Instant::now() >= vm.listed_at
        && region.is_none_or(|region| region == vm.region)
        && (no_state || states.any(|state| state == vm.state.name()))
}

/// All of it, and exactly.
fn has_the_metadata(vm: &Vm, request: &Request) -> bool {
    let mut asked = request.query.iter().filter_map(|(name, value)| {
        let key = name.strip_prefix(METADATA)?;
        Some((key, value))
    });
    asked.all(|(key, value)| {
        let found = vm.metadata().and_then(|metadata| metadata.get(key));
        found.and_then(Value::as_str) == Some(value)
    })
}

fn overview(vm: &Vm) -> Value {
    let of_config = |field: &str| vm.config.get(field).cloned();
    json!({
        "id": vm.id,
        "app_name": vm.app,
        "name": vm.name,
        "state": vm.state.name(),
        "region": vm.region,
        "version": vm.instance_id,
        "private_ip": vm.private_ip,
        "created_at": rfc3339_millis(vm.created),
        "updated_at": rfc3339_millis(vm.updated),
        "config": {
            "image": vm.image(),
            "guest": of_config("guest"),
            "metadata": of_config("metadata"),
        },
    })
}
