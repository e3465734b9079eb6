use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::thread::available_parallelism;
use std::time::Duration;

use flame_core::backend::ParentAddress;

use super::error::ConfigError;
use super::guest::{Wanted, guest};
use super::host::{self, HostProblem};
use super::token::Token;
use super::variables::{check_variables, inherited};
use super::{CpuKind, FlyConfig};
use crate::api::{Guest, Restart, StopConfig, VmTemplate};
use crate::marks;

/// The longest time that Fly grants a program for its end.
const LONGEST_STOP: Duration = Duration::from_secs(300);
/// The shortest time between two sweeps: Fly takes one list of an app per second, from all its parents.
const SHORTEST_REAP: Duration = Duration::from_secs(1);

/// What was said, found to be possible, with everything filled in.
pub(crate) struct Checked {
    pub(crate) app: String,
    pub(crate) region: String,
    /// Scheme and host of the API.
    pub(crate) host: String,
    pub(crate) token: Token,
    /// All that is common to runners. Its variables lack what each is told about its parent.
    pub(crate) template: VmTemplate,
    pub(crate) skip_secrets: bool,
    pub(crate) parent: ParentAddress,
    pub(crate) parent_app: Option<String>,
    pub(crate) parent_machine: Option<String>,
    pub(crate) parent_ip: Option<IpAddr>,
    pub(crate) request_timeout: Duration,
    pub(crate) reap_every: Duration,
}

impl Checked {
    pub(crate) fn new(config: FlyConfig) -> Result<Self, ConfigError> {
        let app = config.app.as_deref().ok_or(ConfigError::NoApp)?;
        let token = config.token.as_ref().ok_or(ConfigError::NoToken)?;
        check_metadata(&config.metadata)?;
        check_times(&config)?;
        Ok(Self {
            app: checked_app(app)?,
            region: region(&config)?,
            host: host(&config)?,
            token: Token::new(token).map_err(|_| ConfigError::BadToken)?,
            parent: parent_address(&config)?,
            template: template(&config)?,
            skip_secrets: config.skip_secrets,
            parent_app: config.parent_app,
            parent_machine: config.parent_machine,
            parent_ip: config.parent_ip,
            request_timeout: config.request_timeout,
            reap_every: config.reap_every,
        })
    }
}

fn checked_app(app: &str) -> Result<String, ConfigError> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if app.is_empty() || app.len() > 63 || !app.chars().all(fits) {
        return Err(ConfigError::BadApp {
            app: app.to_owned(),
        });
    }
    Ok(app.to_owned())
}

fn region(config: &FlyConfig) -> Result<String, ConfigError> {
    let region = config.region.as_deref().ok_or(ConfigError::NoRegion)?;
    let parts: Vec<&str> = region.split(',').map(str::trim).collect();
    let is_code = |part: &&str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    if !parts.iter().all(is_code) {
        return Err(ConfigError::BadRegion {
            region: region.to_owned(),
        });
    }
    Ok(parts.join(","))
}

fn host(config: &FlyConfig) -> Result<String, ConfigError> {
    let host = config.host.as_deref().unwrap_or(host::PUBLIC);
    host::base(host).map_err(|problem| match problem {
        HostProblem::Unreadable => ConfigError::BadHost {
            host: host.to_owned(),
        },
        HostProblem::Plain => ConfigError::PlainHost {
            host: host.to_owned(),
        },
    })
}

fn parent_address(config: &FlyConfig) -> Result<ParentAddress, ConfigError> {
    let private = config.parent_ip.map(|ip| SocketAddr::new(ip, 0));
    let listen = config.listen.or(private).ok_or(ConfigError::NoAddress)?;
    // Nobody can dial "any address".
    if listen.ip().is_unspecified() && config.advertise.is_none() && config.parent_ip.is_none() {
        return Err(ConfigError::NoAddress);
    }
    let found_at = config.parent_ip.map(|ip| match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    });
    let advertise = match &config.advertise {
        Some(advertise) => Some(advertise.clone()),
        None if listen.ip().is_unspecified() => found_at,
        None => None,
    };
    Ok(ParentAddress { listen, advertise })
}

fn template(config: &FlyConfig) -> Result<VmTemplate, ConfigError> {
    if config.mounts.len() > 1 {
        return Err(ConfigError::TooManyMounts {
            count: config.mounts.len(),
        });
    }
    let own = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let mut env = inherited(&config.env_inherit, own);
    env.extend(config.env.clone());
    check_variables(&env)?;
    let image = config.image.clone().filter(|image| !image.is_empty());
    Ok(VmTemplate {
        image: image.ok_or(ConfigError::NoImage)?,
        init: config.init.clone(),
        guest: sized(config),
        auto_destroy: true,
        restart: Restart { policy: "no" },
        stop_config: StopConfig {
            signal: "SIGTERM",
            timeout: format!("{}s", config.stop_timeout.as_secs()),
        },
        env,
        services: config.services.clone(),
        mounts: config.mounts.clone(),
        metadata: config.metadata.clone(),
    })
}

fn sized(config: &FlyConfig) -> Guest {
    let own_cpus = available_parallelism().map_or(1, usize::from);
    let guest = guest(Wanted {
        kind: config.cpu_kind,
        cpus: config.cpus,
        memory_mb: config.memory_mb,
        gpu_kind: config.gpu_kind.as_deref(),
        gpus: config.gpus,
        own_cpus: u32::try_from(own_cpus).unwrap_or(u32::MAX),
    });
    if let Some(cpus) = config.cpus
        && cpus != guest.cpus
    {
        let kind = match config.cpu_kind {
            CpuKind::Shared => "shared",
            CpuKind::Performance => "performance",
        };
        tracing::warn!(
            asked = cpus,
            taken = guest.cpus,
            kind,
            "Fly has no machines with that many processors"
        );
    }
    if guest.gpu_kind.is_some() || guest.gpus.is_some() {
        tracing::warn!("Fly has withdrawn GPUs on 2026-08-01, so it may refuse this configuration");
    }
    guest
}

fn check_metadata(metadata: &BTreeMap<String, String>) -> Result<(), ConfigError> {
    for (key, value) in metadata {
        if marks::is_reserved(key) {
            return Err(ConfigError::ReservedMetadata { key: key.clone() });
        }
        if !marks::is_possible(key, value) {
            return Err(ConfigError::BadMetadata { key: key.clone() });
        }
    }
    Ok(())
}

fn check_times(config: &FlyConfig) -> Result<(), ConfigError> {
    let time = |option, bound| Err(ConfigError::Time { option, bound });
    if config.stop_timeout > LONGEST_STOP || config.stop_timeout < Duration::from_secs(1) {
        return time("stop_timeout", "between a second and five minutes");
    }
    if config.request_timeout < Duration::from_millis(100) {
        return time("request_timeout", "at least a tenth of a second");
    }
    if config.reap_every < SHORTEST_REAP {
        return time("reap_every", "at least a second");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
