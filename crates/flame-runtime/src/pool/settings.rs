use std::sync::Arc;
use std::time::Duration;

use flame_core::pool::{CALL_TIMEOUT, PEER_LOSS_AFTER, PoolLimits, PoolTimeouts};
use flame_proto::bulk::MAX_PAYLOAD;
use flame_proto::frame::RunnerLimits;

use super::env::RunnerEnv;
use super::options::PoolOptions;
use crate::config::PoolConfig;
use crate::error::StartError;
use crate::parent::SessionSettings;

/// Everything about a pool, decided.
#[derive(Clone, Debug)]
pub(crate) struct PoolSettings {
    /// What was said of it, in code and in the configuration.
    said: PoolOptions,
    pub(crate) limits: PoolLimits,
    pub(crate) timeouts: PoolTimeouts,
    /// How long a call may take that does not say so itself.
    pub(crate) call_timeout: Option<Duration>,
    pub(crate) peer_loss_after: Duration,
    pub(crate) max_payload: u64,
    /// What runners are given besides the code. It stays as it is.
    pub(crate) env: Arc<RunnerEnv>,
}

impl PoolSettings {
    /// The configuration goes over what was said in code, and both over the defaults.
    pub(crate) fn resolve(
        pool: &str,
        code: &PoolOptions,
        config: &PoolConfig,
    ) -> Result<Self, StartError> {
        Self::decide(pool, config.over(code))
    }

    /// The same settings after a change.
    pub(crate) fn changed(
        &self,
        pool: &str,
        change: impl FnOnce(PoolOptions) -> PoolOptions,
    ) -> Result<Self, StartError> {
        Ok(Self {
            env: self.env.clone(),
            ..Self::decide(pool, change(self.said))?
        })
    }

    fn decide(pool: &str, said: PoolOptions) -> Result<Self, StartError> {
        let max = said.max.ok_or_else(|| StartError::NoMax {
            pool: pool.to_owned(),
        })?;
        let mut limits = PoolLimits::new(max)?;
        if let Some(min) = said.min {
            limits = limits.with_min(min)?;
        }
        if let Some(max_concurrency) = said.max_concurrency {
            limits = limits.with_max_concurrency(max_concurrency)?;
        }
        if let Some(warm) = said.warm {
            limits = limits.with_warm(warm);
        }
        if let Some(max_queue) = said.max_queue {
            limits = limits.with_max_queue(max_queue);
        }
        if let Some(reuse) = said.reuse {
            limits = limits.with_reuse(reuse);
        }
        if let Some(placement) = said.placement {
            limits = limits.with_placement(placement);
        }
        let defaults = PoolTimeouts::default();
        let timeouts = PoolTimeouts {
            boot_timeout: said.boot_timeout.unwrap_or(defaults.boot_timeout),
            shutdown_timeout: said.shutdown_timeout.unwrap_or(defaults.shutdown_timeout),
            idle_shutdown_after: said
                .idle_shutdown_after
                .unwrap_or(defaults.idle_shutdown_after),
            min_idle_shutdown_after: said
                .min_idle_shutdown_after
                .or(defaults.min_idle_shutdown_after),
            cancel_grace: said.cancel_grace.unwrap_or(defaults.cancel_grace),
            ..defaults
        };
        Ok(Self {
            said,
            limits,
            timeouts,
            call_timeout: said.timeout.unwrap_or(Some(CALL_TIMEOUT)),
            peer_loss_after: said.peer_loss_after.unwrap_or(PEER_LOSS_AFTER),
            max_payload: said.max_payload.unwrap_or(MAX_PAYLOAD),
            env: Arc::default(),
        })
    }

    /// The same settings for a pool inside a runner: nothing is kept up there ahead of demand.
    pub(crate) fn nested(mut self) -> Result<Self, StartError> {
        self.limits = self.limits.with_min(0)?.with_warm(0);
        Ok(self)
    }

    pub(crate) fn session(&self, in_process: bool) -> SessionSettings {
        SessionSettings {
            max_payload: self.max_payload,
            limits: self.runner_limits(),
            peer_loss_after: self.peer_loss_after,
            in_process,
        }
    }

    /// What a runner keeps to.
    pub(crate) fn runner_limits(&self) -> RunnerLimits {
        let max_concurrency = self.limits.max_concurrency();
        RunnerLimits {
            max_concurrency: u32::try_from(max_concurrency).unwrap_or(u32::MAX),
            shutdown_timeout: self.timeouts.shutdown_timeout,
            cancel_grace: self.timeouts.cancel_grace,
        }
    }
}
