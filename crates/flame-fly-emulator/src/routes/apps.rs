//! `GET /apps/{app}`

use serde_json::json;

use super::target;
use crate::http::{Answer, Request};
use crate::world::World;

pub(super) fn get(world: &World, request: &Request) -> Result<Answer, Answer> {
    let (name, _) = target(request);
    let apps = &world.config.apps;
    let number = apps.iter().position(|app| app.name == name);
    let number = number.ok_or_else(|| Answer::error(404, "app not found"))?;
    let live = world.vms.iter().filter(|vm| vm.app == name && vm.is_live());
    let machines = live.count();
    Ok(Answer::ok(json!({
        "id": blake3::hash(name.as_bytes()).to_hex()[..16].to_owned(),
        "internal_numeric_id": number + 1,
        "name": name,
        "status": if machines > 0 { "deployed" } else { "pending" },
        "organization": {"name": apps[number].org, "slug": apps[number].org},
        "network": "default",
        "machine_count": machines,
        "volume_count": 0,
    })))
}
