use std::collections::BTreeMap;

use serde::Serialize;

use crate::config::{CpuKind, Init, Mount};

/// The body of the request that creates a machine.
#[derive(Clone, Serialize)]
pub(crate) struct CreateBody {
    pub(crate) name: String,
    /// An expression, tried from left to right: `iad`, `iad,us,any`.
    pub(crate) region: String,
    pub(crate) config: VmTemplate,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) skip_secrets: bool,
}

/// What kind of machine, and what runs in it. It has no `Debug`: variables may be secrets.
#[derive(Clone, Serialize)]
pub(crate) struct VmTemplate {
    pub(crate) image: String,
    pub(crate) init: Init,
    pub(crate) guest: Guest,
    /// It is gone when it has ended, whatever its exit code.
    pub(crate) auto_destroy: bool,
    pub(crate) restart: Restart,
    pub(crate) stop_config: StopConfig,
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) services: Vec<serde_json::Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) mounts: Vec<Mount>,
    pub(crate) metadata: BTreeMap<String, String>,
}

/// The size of a machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Guest {
    pub(crate) cpu_kind: CpuKind,
    pub(crate) cpus: u32,
    pub(crate) memory_mb: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) gpu_kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) gpus: Option<u32>,
}

/// What happens when it has ended. Without a policy, Fly would start it again after a failure.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Restart {
    pub(crate) policy: &'static str,
}

/// How it is asked to end.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct StopConfig {
    pub(crate) signal: &'static str,
    /// As Go writes durations: `30s`.
    pub(crate) timeout: String,
}

fn is_false(value: &bool) -> bool {
    !value
}
