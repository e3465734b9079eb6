//! `flame.toml` and the environment.
//!
//! Operations can retune pools without a build: what `flame.toml` in the working directory says goes over what
//! the builder said, and `FLAME_*` variables go over both. Two underscores nest:
//! `FLAME_POOLS__THUMBNAILS__MAX=10`. Only the parent reads them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use figment::Figment;
use figment::providers::{Env, Format, Toml};
use flame_core::pool::{Placement, Reuse};
use serde::{Deserialize, Deserializer};

use crate::error::StartError;
use crate::pool::PoolOptions;

/// The file, looked for in the working directory.
pub(crate) const FILE: &str = "flame.toml";

/// What the configuration says about one pool.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PoolConfig {
    /// The backend's name; the configuration may also name one for all pools.
    pub(crate) backend: Option<String>,
    min: Option<usize>,
    max: Option<usize>,
    max_concurrency: Option<usize>,
    warm: Option<usize>,
    max_queue: Option<usize>,
    single_use: Option<bool>,
    placement: Option<PlacementName>,
    #[serde(deserialize_with = "patience")]
    timeout: Option<Option<Duration>>,
    #[serde(deserialize_with = "duration")]
    boot_timeout: Option<Duration>,
    #[serde(deserialize_with = "duration")]
    shutdown_timeout: Option<Duration>,
    #[serde(deserialize_with = "duration")]
    idle_shutdown_after: Option<Duration>,
    #[serde(deserialize_with = "duration")]
    min_idle_shutdown_after: Option<Duration>,
    #[serde(deserialize_with = "duration")]
    cancel_grace: Option<Duration>,
    #[serde(deserialize_with = "duration")]
    peer_loss_after: Option<Duration>,
    max_payload: Option<u64>,
    /// The names of variables that runners are given as secrets.
    secrets: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum PlacementName {
    Spread,
    Pack,
}

impl PoolConfig {
    /// What the file and the environment say about the pool.
    pub(crate) fn load(pool: &str) -> Result<Self, StartError> {
        Self::from(&figment(Path::new(FILE)), pool)
            .map_err(|error| StartError::Config(Arc::new(error)))
    }

    #[expect(
        clippy::result_large_err,
        reason = "figment's error is what it is, and this is not a hot path"
    )]
    fn from(figment: &Figment, pool: &str) -> Result<Self, figment::Error> {
        let mut config: Self = match figment.find_value("pools").ok() {
            Some(_) if figment.contains(&format!("pools.{pool}")) => {
                figment.extract_inner(&format!("pools.{pool}"))?
            }
            Some(_) | None => Self::default(),
        };
        if config.backend.is_none() && figment.contains("backend") {
            config.backend = Some(figment.extract_inner("backend")?);
        }
        Ok(config)
    }

    /// The names of the variables of this process that its runners are given as secrets.
    pub(crate) fn secrets(&self) -> &[String] {
        &self.secrets
    }

    /// These settings, and where they are silent, the ones given in code.
    pub(crate) fn over(&self, code: &PoolOptions) -> PoolOptions {
        let reuse = self
            .single_use
            .map(|once| if once { Reuse::SingleUse } else { Reuse::Many });
        let placement = self.placement.map(|name| match name {
            PlacementName::Spread => Placement::Spread,
            PlacementName::Pack => Placement::Pack,
        });
        PoolOptions {
            min: self.min.or(code.min),
            max: self.max.or(code.max),
            max_concurrency: self.max_concurrency.or(code.max_concurrency),
            warm: self.warm.or(code.warm),
            max_queue: self.max_queue.or(code.max_queue),
            reuse: reuse.or(code.reuse),
            placement: placement.or(code.placement),
            timeout: self.timeout.or(code.timeout),
            boot_timeout: self.boot_timeout.or(code.boot_timeout),
            shutdown_timeout: self.shutdown_timeout.or(code.shutdown_timeout),
            idle_shutdown_after: self.idle_shutdown_after.or(code.idle_shutdown_after),
            min_idle_shutdown_after: self
                .min_idle_shutdown_after
                .or(code.min_idle_shutdown_after),
            cancel_grace: self.cancel_grace.or(code.cancel_grace),
            peer_loss_after: self.peer_loss_after.or(code.peer_loss_after),
            max_payload: self.max_payload.or(code.max_payload),
        }
    }
}

fn figment(file: &Path) -> Figment {
    Figment::new()
        .merge(Toml::file(file))
        .merge(Env::prefixed("FLAME_").split("__"))
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    humantime::parse_duration(&text)
        .map(Some)
        .map_err(serde::de::Error::custom)
}

/// A duration, or `"none"` for as long as it takes.
fn patience<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<Duration>>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text == "none" {
        return Ok(Some(None));
    }
    humantime::parse_duration(&text)
        .map(|patience| Some(Some(patience)))
        .map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use figment::Jail;

    use super::*;

    #[test]
    #[expect(clippy::result_large_err, reason = "the signature is figment's")]
    fn the_environment_goes_over_the_file_and_the_file_over_the_code() {
        Jail::expect_with(|jail| {
            jail.create_file(
                FILE,
                "backend = 'fly'\n[pools.thumbs]\nmax = 3\nidle_shutdown_after = '5s'\n",
            )?;
            jail.set_env("FLAME_POOLS__THUMBS__MAX", "7");
            jail.set_env("FLAME_POOLS__THUMBS__TIMEOUT", "none");
            let config = PoolConfig::from(&figment(Path::new(FILE)), "thumbs")?;
            assert_eq!(config.backend.as_deref(), Some("fly"));
            let code = PoolOptions {
                max: Some(1),
                min: Some(1),
                ..PoolOptions::new()
            };
            let said = config.over(&code);
            assert_eq!((said.min, said.max), (Some(1), Some(7)));
            assert_eq!(said.idle_shutdown_after, Some(Duration::from_secs(5)));
            assert_eq!(said.timeout, Some(None));
            Ok(())
        });
    }

    #[test]
    #[expect(clippy::result_large_err, reason = "the signature is figment's")]
    fn a_misspelt_key_and_a_bare_number_for_a_duration_are_errors() {
        Jail::expect_with(|jail| {
            jail.create_file(
                FILE,
                "[pools.a]\nmaximum = 3\n[pools.b]\nboot_timeout = 3\n",
            )?;
            let figment = figment(Path::new(FILE));
            assert!(
                PoolConfig::from(&figment, "a")
                    .unwrap_err()
                    .to_string()
                    .contains("maximum")
            );
            assert!(
                PoolConfig::from(&figment, "b")
                    .unwrap_err()
                    .to_string()
                    .contains("boot_timeout")
            );
            assert!(PoolConfig::from(&figment, "c").is_ok());
            Ok(())
        });
    }
}
