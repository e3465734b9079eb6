use std::collections::BTreeMap;

use flame_core::backend::{BootRequest, PARENT_VARIABLE};

use super::Fly;
use crate::api::{CreateBody, VmTemplate};
use crate::marks;

/// What stands for the value of a variable.
const HIDDEN: &str = "(not shown)";

/// The request that would create a machine, without the values of its variables. Nothing is sent.
pub(super) fn preview(fly: &Fly, request: &BootRequest) -> String {
    let template = &fly.config.template;
    let names = template.env.keys().chain(request.env.keys());
    let names = names.map(String::as_str).chain([PARENT_VARIABLE]);
    let env: BTreeMap<String, String> = names
        .map(|name| (name.to_owned(), HIDDEN.to_owned()))
        .collect();
    let metadata = match marks::write(&fly.config, &fly.local, request, "(one per boot)") {
        Ok(metadata) => metadata,
        Err(label) => return format!("the label {label:?} cannot be metadata of a machine"),
    };
    let body = CreateBody {
        name: request.name.to_string(),
        region: fly.config.region.clone(),
        config: VmTemplate {
            env,
            metadata,
            ..template.clone()
        },
        skip_secrets: fly.config.skip_secrets,
    };
    let body = serde_json::to_string_pretty(&body).unwrap_or_default();
    format!("POST {}{}\n{body}", fly.config.host, fly.paths.all())
}
