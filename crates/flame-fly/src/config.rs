//! What the backend is told: where to create machines, which, and how they find this process.

mod check;
mod environment;
mod error;
mod guest;
mod host;
mod layers;
mod parts;
mod texts;
mod token;
mod variables;

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use serde::Deserialize;

pub use error::ConfigError;
pub use guest::{CPU_KIND, CpuKind, MEMORY_MB};
pub use parts::{Init, Mount};

use crate::secret::Secret;

pub(crate) use check::Checked;
pub(crate) use environment::environment;
pub(crate) use token::Token;
pub use variables::EnvError;
pub(crate) use variables::{blot_out, variables};

/// How long one request to the API may take. Fly's own creates take one to three seconds.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a runner's program may take to end after SIGTERM.
pub const STOP_TIMEOUT: Duration = Duration::from_secs(30);
/// How often the app is swept for machines whose parent is gone.
pub const REAP_EVERY: Duration = Duration::from_secs(60);

/// Everything that can be said to [`FlyBackend`](crate::FlyBackend).
///
/// [`load`](Self::load) fills it from the environment and from `flame.toml`; what is said in code goes over that
/// with `..FlyConfig::load()?`. The default is empty: on its own it lacks an app, an image and a token.
///
/// In `flame.toml` the fields stand in the section `[fly]`, durations as `"15s"`. A variable `FLAME_FLY__REGION`
/// goes over the file, and so on for each field; `FLAME_FLY__ENV__NAME` sets the variable `NAME` of runners.
///
/// ```toml
/// [fly]
/// region = ["iad", "us", "any"]
/// cpus = 4
/// env_inherit = ["RUST_LOG", "APP_*"]
/// ```
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FlyConfig {
    /// What lets this process create machines. Default: `FLY_API_TOKEN`. `fly tokens create deploy` makes one that
    /// is good for one app.
    pub token: Option<Secret>,
    /// The app that runners are created in. Default: the app of this process, `FLY_APP_NAME`. Another one keeps
    /// this app's secrets from runners.
    pub app: Option<String>,
    /// The image that runners are started from. Default: that of this process, `FLY_IMAGE_REF`.
    pub image: Option<String>,
    /// Where runners may be: a code, an alias (`us`, `eu`), `any`, or several, tried in order. Default: the region
    /// of this process, `FLY_REGION`. A single code means there or nowhere.
    #[serde(deserialize_with = "texts::one_or_many")]
    pub region: Option<String>,
    /// Where the API is. Default: `https://api.machines.dev`, or what `FLY_FLAPS_BASE_URL` or `FLY_API_HOSTNAME`
    /// say. Over plain `http` the token goes only to this host and to Fly's private network.
    pub host: Option<String>,

    /// Shared or dedicated processors. Default: [`CPU_KIND`].
    pub cpu_kind: CpuKind,
    /// How many processors. Default: as many as this process has, or as `memory_mb` allows. Fly has 1, 2, 4, 6 and 8,
    /// and with dedicated ones 10, 12, 14 and 16; a number between two of them becomes the smaller one.
    pub cpus: Option<u32>,
    /// How much memory, in MiB. Default: [`MEMORY_MB`], or what that many processors need at least or may have at
    /// most.
    pub memory_mb: Option<u32>,
    /// The kind of GPU. Fly has withdrawn them on 2026-08-01; it is sent as given.
    pub gpu_kind: Option<String>,
    /// How many GPUs. Default: one, if there is a `gpu_kind`.
    pub gpus: Option<u32>,

    /// What runs in place of the image's own command. Default: that command.
    pub init: Init,
    /// Services of runners, as the API has them. Default: none. With one, Fly's proxy may stop a runner that looks
    /// idle.
    pub services: Vec<serde_json::Value>,
    /// A volume for runners. Default: none. A volume serves one machine at a time and ties it to a host.
    pub mounts: Vec<Mount>,
    /// Metadata of runners, beside that of the backend's own.
    #[serde(deserialize_with = "texts::map")]
    pub metadata: BTreeMap<String, String>,
    /// Environment variables of runners, who inherit none of this process.
    #[serde(deserialize_with = "texts::map")]
    pub env: BTreeMap<String, String>,
    /// Names of variables that runners get from this process; a `*` at the end stands for anything. `env` goes
    /// over them.
    pub env_inherit: Vec<String>,
    /// Keeps the app's secrets from runners. Default: they get them.
    pub skip_secrets: bool,
    /// How long a runner's program may take to end after SIGTERM, at most five minutes. Default:
    /// [`STOP_TIMEOUT`].
    #[serde(deserialize_with = "texts::duration")]
    pub stop_timeout: Duration,

    /// Where this process listens for runners. Default: any free port of [`parent_ip`](Self::parent_ip).
    pub listen: Option<SocketAddr>,
    /// What runners dial, `host` or `host:port`, where that differs from `listen`.
    pub advertise: Option<String>,
    /// The app of this process. Default: `FLY_APP_NAME`.
    pub parent_app: Option<String>,
    /// The machine of this process. Default: `FLY_MACHINE_ID`. Without it, nobody sweeps after this process.
    pub parent_machine: Option<String>,
    /// The address of this process in its private network. Default: `FLY_PRIVATE_IP`.
    pub parent_ip: Option<IpAddr>,

    /// How long one request to the API may take. Default: [`REQUEST_TIMEOUT`].
    #[serde(deserialize_with = "texts::duration")]
    pub request_timeout: Duration,
    /// How often the app is swept for machines whose parent is gone. Default: [`REAP_EVERY`].
    #[serde(deserialize_with = "texts::duration")]
    pub reap_every: Duration,
}

impl FlyConfig {
    /// What the environment and `flame.toml` in the working directory say.
    ///
    /// # Errors
    ///
    /// A key is misspelt, or a value is not of its kind.
    pub fn load() -> Result<Self, ConfigError> {
        layers::load()
    }
}

impl Default for FlyConfig {
    fn default() -> Self {
        Self {
            token: None,
            app: None,
            image: None,
            region: None,
            host: None,
            cpu_kind: CPU_KIND,
            cpus: None,
            memory_mb: None,
            gpu_kind: None,
            gpus: None,
            init: Init::default(),
            services: Vec::new(),
            mounts: Vec::new(),
            metadata: BTreeMap::new(),
            env: BTreeMap::new(),
            env_inherit: Vec::new(),
            skip_secrets: false,
            stop_timeout: STOP_TIMEOUT,
            listen: None,
            advertise: None,
            parent_app: None,
            parent_machine: None,
            parent_ip: None,
            request_timeout: REQUEST_TIMEOUT,
            reap_every: REAP_EVERY,
        }
    }
}

impl fmt::Debug for FlyConfig {
    /// Shows no value of a variable, no metadata, no command and no token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlyConfig")
            .field("app", &self.app)
            .field("image", &self.image)
            .field("region", &self.region)
            .field("host", &self.host)
            .field("cpu_kind", &self.cpu_kind)
            .field("cpus", &self.cpus)
            .field("memory_mb", &self.memory_mb)
            .field("env", &self.env.keys())
            .finish_non_exhaustive()
    }
}
