//! What the metadata of a machine says about whose it is.

use std::collections::BTreeMap;

use flame_core::backend::BootRequest;

use crate::api::Vm;
use crate::config::Checked;
use crate::local::Local;
use crate::process::ProcessStamp;

/// On every machine of this library: what the sweep looks for.
pub(crate) const FLAME: &str = "flame";
/// The value of [`FLAME`].
pub(crate) const YES: &str = "1";
/// The nonce of one boot.
pub(crate) const BOOT: &str = "flame_boot";
/// Which of the keys are [`BootRequest::labels`], with colons between them.
const LABELS: &str = "flame_labels";
/// The life of the process that asked for it.
const PARENT_BOOT: &str = "flame_parent_boot";
/// The app of that process.
const PARENT_APP: &str = "flame_parent_app";
/// The machine of that process.
const PARENT_MACHINE: &str = "flame_parent_machine";
/// The process itself, as its kernel knows it.
const PARENT_PROCESS: &str = "flame_parent_process";
/// The address of that process, under the name that the original gives it.
const PARENT_IP: &str = "flame_parent_ip";
/// The label of [`flame_core::backend::Backend::list`].
pub(crate) const POOL: &str = "flame_pool";

/// The longest key and the longest value. Nobody knows Fly's own limits.
const LONGEST_KEY: usize = 40;
const LONGEST_VALUE: usize = 120;

/// Whether a key is somebody else's than the user's. With Fly's own keys on it, `fly deploy` would take a runner
/// for one of the app's machines and replace it.
pub(crate) fn is_reserved(key: &str) -> bool {
    key.starts_with("fly_") || key == FLAME || key.starts_with("flame_")
}

/// Whether a key and a value will arrive as they are.
pub(crate) fn is_possible(key: &str, value: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_key = (1..=LONGEST_KEY).contains(&key.len()) && key.chars().all(fits);
    let length = value.chars().count();
    is_key && (1..=LONGEST_VALUE).contains(&length) && !value.chars().any(char::is_control)
}

/// The metadata of one machine. The label that cannot be sent is the error.
pub(crate) fn write(
    config: &Checked,
    local: &Local,
    request: &BootRequest,
    nonce: &str,
) -> Result<BTreeMap<String, String>, String> {
    let mut marks = config.template.metadata.clone();
    let mut set = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            marks.insert(key.to_owned(), value);
        }
    };
    for (key, value) in &request.labels {
        if !is_possible(key, value) {
            return Err(key.clone());
        }
        set(key, Some(value.clone()));
    }
    let labels: Vec<&str> = request.labels.keys().map(String::as_str).collect();
    set(
        LABELS,
        Some(labels.join(":")).filter(|labels| !labels.is_empty()),
    );
    set(FLAME, Some(YES.to_owned()));
    set(BOOT, Some(nonce.to_owned()));
    set(PARENT_BOOT, Some(local.life().to_owned()));
    set(PARENT_APP, config.parent_app.clone());
    set(PARENT_MACHINE, config.parent_machine.clone());
    set(PARENT_PROCESS, local.process().map(ToString::to_string));
    set(PARENT_IP, config.parent_ip.map(|ip| ip.to_string()));
    Ok(marks)
}

/// Whether this library has made it.
pub(crate) fn is_ours(vm: &Vm) -> bool {
    vm.mark(FLAME) == Some(YES)
}

/// The labels that it was made with; `None` when it is not one of a pool's.
pub(crate) fn labels(vm: &Vm) -> Option<BTreeMap<String, String>> {
    let labels: BTreeMap<String, String> = vm
        .mark(LABELS)?
        .split(':')
        .filter_map(|key| Some((key.to_owned(), vm.mark(key)?.to_owned())))
        .collect();
    labels.contains_key(POOL).then_some(labels)
}

/// Who asked for a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The life of that process.
    pub(crate) life: String,
    /// Where it ran: its app and its machine.
    pub(crate) place: Option<(String, String)>,
    pub(crate) process: Option<ProcessStamp>,
}

impl Origin {
    pub(crate) fn of(vm: &Vm) -> Option<Self> {
        let (app, machine) = (vm.mark(PARENT_APP), vm.mark(PARENT_MACHINE));
        Some(Self {
            life: vm.mark(PARENT_BOOT)?.to_owned(),
            place: app
                .zip(machine)
                .map(|(app, machine)| (app.to_owned(), machine.to_owned())),
            process: vm.mark(PARENT_PROCESS).and_then(|stamp| stamp.parse().ok()),
        })
    }
}
