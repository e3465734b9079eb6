//! Regions and placements

use serde_json::{Value, json};

use crate::config::DEFAULT_REGION;
use crate::http::Answer;
use crate::world::{REGIONS, World, expand};

/// How many machines fit into a region of which nothing is said.
const PLENTY: usize = 1000;

pub(super) fn regions() -> Answer {
    let rows = REGIONS.iter().map(|(code, name, geo)| {
        json!({
            "code": code,
            "name": name,
            "geo_region": geo,
            "gateway_available": true,
            "requires_paid_plan": false,
            "deprecated": false,
        })
    });
    Answer::ok(json!({"nearest": DEFAULT_REGION, "regions": rows.collect::<Vec<Value>>()}))
}

/// Where so many machines would be placed, and nothing more.
pub(super) fn placements(world: &World, body: &Value) -> Result<Answer, Answer> {
    let text = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
    if !world
        .config
        .apps
        .iter()
        .any(|app| app.org == text("org_slug"))
    {
        return Err(Answer::error(404, "organization not found"));
    }
    let default = format!("{DEFAULT_REGION},any");
    let asked = text("region");
    let expression = if asked.is_empty() { &default } else { asked };
    let regions = expand(expression).map_err(|part| {
        Answer::error(400, format!("invalid_argument: region {part:?} not found"))
    })?;
    let room = |region: &str| {
        let live = world.vms.iter().filter(|vm| vm.is_live());
        let there = live.filter(|vm| vm.region == region).count();
        let most = world.capacity.get(region).copied().unwrap_or(PLENTY);
        most.saturating_sub(there)
    };
    let count = body.get("count").and_then(Value::as_u64).unwrap_or(0);
    let mut left = usize::try_from(count).unwrap_or(usize::MAX);
    let asks_for_limits = left == 0;
    let mut rows = Vec::new();
    for region in regions {
        let fits = if asks_for_limits {
            room(region)
        } else {
            room(region).min(left)
        };
        if fits > 0 {
            rows.push(json!({"region": region, "count": fits, "concurrency": 1}));
        }
        left -= if asks_for_limits { 0 } else { fits };
    }
    if rows.is_empty() {
        let text = "could not find a candidate host";
        return Err(Answer::coded(422, text, "insufficient_capacity"));
    }
    Ok(Answer::ok(json!({"regions": rows})))
}
