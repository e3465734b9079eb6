use std::collections::BTreeMap;

use serde::Deserialize;

use super::event::{VmEvent, events};
use super::exit_event::ExitEvent;
use super::state::VmState;
use super::word::{is_word, word};

/// So many of the newest events are told of.
const MOST_EVENTS: usize = 32;

/// A machine, as an answer tells of it. Everything may be missing, and there may be more.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Vm {
    #[serde(deserialize_with = "word")]
    pub(crate) id: Option<String>,
    #[serde(deserialize_with = "word")]
    pub(crate) name: Option<String>,
    pub(crate) state: VmState,
    #[serde(deserialize_with = "word")]
    pub(crate) region: Option<String>,
    pub(crate) private_ip: Option<String>,
    /// By a clock of Fly's.
    #[serde(deserialize_with = "word")]
    pub(crate) created_at: Option<String>,
    /// `ok`, or that its host cannot be asked at the moment.
    host_status: Option<String>,
    config: Option<VmConfig>,
    /// In place of `config` when the host cannot be asked.
    incomplete_config: Option<VmConfig>,
    #[serde(deserialize_with = "events")]
    events: Vec<VmEvent>,
}

/// The part of a machine's configuration that we read. The rest may hold secrets.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct VmConfig {
    metadata: Option<BTreeMap<String, Option<String>>>,
}

impl Vm {
    /// A value of its metadata.
    pub(crate) fn mark(&self, key: &str) -> Option<&str> {
        let configs = [&self.config, &self.incomplete_config];
        let mut metadata = configs
            .into_iter()
            .flatten()
            .filter_map(|config| config.metadata.as_ref());
        let value = metadata.find_map(|metadata| metadata.get(key)?.as_deref());
        value.filter(|value| is_word(value))
    }

    /// Whether there is any metadata: without, nothing can be said of whose it is.
    pub(crate) fn has_marks(&self) -> bool {
        let configs = [&self.config, &self.incomplete_config];
        configs
            .into_iter()
            .flatten()
            .any(|config| config.metadata.is_some())
    }

    /// Whether its host answers, as far as is known.
    pub(crate) fn is_reachable(&self) -> bool {
        matches!(self.host_status.as_deref(), None | Some("" | "ok"))
    }

    /// How its program ended last.
    pub(crate) fn last_exit(&self) -> Option<ExitEvent> {
        // Fly sends the newest first, which nobody promises.
        let exits = self
            .events
            .iter()
            .rev()
            .filter_map(|event| Some((event.at(), event.exit()?)));
        exits.max_by_key(|(at, _)| *at).map(|(_, exit)| exit)
    }

    /// Whether its program was ever started, as far as the events go back.
    pub(crate) fn has_started(&self) -> bool {
        self.events.iter().any(VmEvent::is_start)
    }

    /// What happened to it lately, oldest first, in one line.
    pub(crate) fn history(&self) -> String {
        // What happened within one millisecond is in the order that Fly sends it in.
        let mut events: Vec<&VmEvent> = self.events.iter().rev().collect();
        events.sort_by_key(|event| event.at());
        let newest = events.iter().skip(events.len().saturating_sub(MOST_EVENTS));
        let words: Vec<String> = newest.map(ToString::to_string).collect();
        words.join(", ")
    }
}

#[cfg(test)]
mod tests;
