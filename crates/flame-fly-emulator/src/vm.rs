//! A machine, as the API knows it.

mod image_ref;

use std::collections::VecDeque;

use serde_json::{Map, Value};
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use crate::boot_script::BootScript;
use crate::event::Event;
use crate::lease::Lease;
use crate::order::Order;
use crate::state::State;
use crate::vm_view::VmView;
use crate::wall::rfc3339_seconds;

/// How many events of a machine are kept.
pub(crate) const EVENTS_KEPT: usize = 50;
/// How many of them stand in answers about something else.
pub(crate) const EVENTS_SHOWN: usize = 20;
/// How many lines of its output are kept.
const LINES_KEPT: usize = 200;

#[derive(Debug)]
pub(crate) struct Vm {
    pub(crate) id: String,
    pub(crate) app: String,
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) state: State,
    pub(crate) instance_id: String,
    pub(crate) private_ip: String,
    pub(crate) created: u64,
    pub(crate) updated: u64,
    pub(crate) config: Map<String, Value>,
    pub(crate) skip_secrets: bool,
    /// Whether it boots without being told.
    pub(crate) launches: bool,
    /// The newest first.
    pub(crate) events: VecDeque<Event>,
    pub(crate) lease: Option<Lease>,
    pub(crate) host_status: &'static str,
    /// From when on lists show it.
    pub(crate) listed_at: Instant,
    pub(crate) destroyed_at: Option<Instant>,
    pub(crate) script: BootScript,
    pub(crate) orders: UnboundedSender<Order>,
    /// The process that runs in it, which leads a group.
    pub(crate) pid: Option<u32>,
    pub(crate) output: VecDeque<String>,
    pub(crate) restarts: usize,
    /// The states that it had, and when they began.
    pub(crate) history: Vec<(State, u64)>,
}

/// How much an answer says of a machine.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Detail {
    pub(crate) is_summary: bool,
    pub(crate) with_lease: bool,
}

impl Vm {
    pub(crate) fn is_live(&self) -> bool {
        self.state != State::Destroyed
    }

    pub(crate) fn metadata(&self) -> Option<&Map<String, Value>> {
        self.config.get("metadata")?.as_object()
    }

    pub(crate) fn metadata_mut(&mut self) -> Option<&mut Map<String, Value>> {
        let metadata = self.config.entry("metadata");
        metadata
            .or_insert_with(|| Map::new().into())
            .as_object_mut()
    }

    pub(crate) fn is_auto_destroyed(&self) -> bool {
        self.config.get("auto_destroy").and_then(Value::as_bool) == Some(true)
    }

    /// A text in the configuration, below `section`.
    pub(crate) fn configured(&self, section: &str, field: &str) -> Option<&str> {
        self.config.get(section)?.get(field)?.as_str()
    }

    pub(crate) fn image(&self) -> &str {
        let image = self.config.get("image").and_then(Value::as_str);
        image.unwrap_or_default()
    }

    /// The lease that somebody holds now.
    pub(crate) fn lease(&self) -> Option<&Lease> {
        self.lease.as_ref().filter(|lease| !lease.is_over())
    }

    pub(crate) fn record(&mut self, event: Event) {
        self.updated = event.at;
        self.events.push_front(event);
        self.events.truncate(EVENTS_KEPT);
    }

    pub(crate) fn say(&mut self, line: String) {
        self.output.push_back(line);
        if self.output.len() > LINES_KEPT {
            self.output.pop_front();
        }
    }

    /// As answers have it. `state` may differ from what it is.
    pub(crate) fn to_json(&self, state: State, detail: Detail) -> Value {
        let mut json = Map::new();
        let mut put = |name: &str, value: Value| json.insert(name.to_owned(), value);
        put("id", self.id.clone().into());
        put("name", self.name.clone().into());
        put("state", state.name().into());
        put("region", self.region.clone().into());
        put("image_ref", image_ref::parse(self.image()));
        put("instance_id", self.instance_id.clone().into());
        put("private_ip", self.private_ip.clone().into());
        put("created_at", rfc3339_seconds(self.created).into());
        put("updated_at", rfc3339_seconds(self.updated).into());
        if let Some(lease) = self.lease().filter(|_| detail.with_lease) {
            put("lease", lease.stripped());
        }
        if detail.is_summary {
            return Value::Object(json);
        }
        put("host_status", self.host_status.into());
        let config = if self.host_status == "ok" {
            "config"
        } else {
            "incomplete_config"
        };
        put(config, self.config.clone().into());
        let events = self.events.iter().take(EVENTS_SHOWN).map(Event::to_json);
        put("events", events.collect());
        Value::Object(json)
    }

    pub(crate) fn view(&self) -> VmView {
        VmView {
            id: self.id.clone(),
            name: self.name.clone(),
            app: self.app.clone(),
            state: self.state,
            region: self.region.clone(),
            private_ip: self.private_ip.clone(),
            config: self.config.clone().into(),
            events: self.events.iter().map(Event::to_json).collect(),
            pid: self.pid,
            output: self.output.iter().cloned().collect(),
            history: self.history.clone(),
        }
    }
}
