use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use flame_core::backend::{BootError, BootRequest, ExitReport, ParentText};
use flame_core::quota::Quota;
use flame_core::{InstanceName, RunnerId};
use flame_proto::hello::PROTOCOL_VERSIONS;
use flame_proto::parent_text::ParentInfo;
use flame_task::Secrets;
use futures_util::FutureExt;
use tokio::sync::watch;

use super::output::{self, OUTPUT_PER_SECOND};
use super::records::{self, RunnerRecord};
use super::settings::PoolSettings;
use super::shared::{Inner, Shared};
use crate::error::BootCause;
use crate::parent::Token;
use crate::runner;

/// The labels by which an instance is found again.
const POOL_LABEL: &str = "flame_pool";
/// See [`POOL_LABEL`].
const PARENT_LABEL: &str = "flame_parent";

impl Shared {
    /// Asks the backend for an instance.
    pub(super) fn boot(self: &Arc<Self>, inner: &mut Inner, runner: RunnerId) {
        let instance = InstanceName::new(&self.name, self.incarnation, runner);
        let token = Token::random();
        self.boots()
            .expect(&instance, token, Arc::downgrade(self), runner);
        let request = self.boot_request(&instance, runner, token, &inner.settings);
        let (report, exit) = watch::channel(None);
        tracing::debug!(pool = %self.name, %instance, "booting");
        let boot = self
            .threads
            .spawn_backend(carry(self.clone(), runner, request, report));
        inner.runners.insert(
            runner,
            RunnerRecord {
                instance,
                provider_id: None,
                booted_at: self.threads.now(),
                boot: Some(boot),
                exit,
                session: None,
                failure: None,
                loss: None,
                draining: false,
                lost_calls: 0,
                finished: false,
                destroying: false,
                calls: BTreeMap::new(),
                last_call: 0,
                events: Quota::per_second(OUTPUT_PER_SECOND),
            },
        );
        inner.tell_booting(runner);
    }

    fn boot_request(
        self: &Arc<Self>,
        instance: &InstanceName,
        runner: RunnerId,
        token: Token,
        settings: &PoolSettings,
    ) -> BootRequest {
        let boot_timeout = settings.timeouts.boot_timeout;
        let (attach, bulk) = self.entrance.addresses();
        let home = ParentInfo {
            attach,
            bulk,
            boot: instance.to_string(),
            token: token.0,
            pool: self.name.clone(),
            runner,
            build: flame_task::build_id().to_owned(),
            versions: PROTOCOL_VERSIONS,
            depth: self.depth + 1,
            boot_timeout,
            parent_pin: self.entrance.pin().map(|pin| pin.0),
            has_secrets: !settings.env.secrets.is_empty(),
            keeps_core_files: settings.env.keeps_core_files,
        };
        BootRequest {
            name: instance.clone(),
            pool: self.name.clone(),
            runner,
            parent: ParentText::new(home.to_text()),
            env: BTreeMap::new(),
            labels: BTreeMap::from([
                (POOL_LABEL.to_owned(), self.name.to_string()),
                (
                    PARENT_LABEL.to_owned(),
                    format!("{:016x}", self.incarnation),
                ),
            ]),
            boot_timeout,
            output: output::sink(&self.name, runner, &self.output_dropped, &self.threads),
            entry: runner::in_process_entry(home, self.boots().clone(), self.threads.clone()),
        }
    }

    /// What its runners are given, and nobody else.
    pub(crate) fn secrets(&self) -> Arc<Secrets> {
        Arc::new(self.lock().settings.env.secrets.clone())
    }

    fn instance_created(&self, runner: RunnerId, provider_id: &str) {
        let mut inner = self.lock();
        if let Some(record) = inner.runners.get_mut(&runner) {
            record.provider_id = Some(provider_id.to_owned());
            let label = records::label(&record.instance, Some(provider_id));
            tracing::info!(pool = %self.name, %runner, instance = %label, "instance started");
        }
    }
}

/// Creates the instance and waits for its end. Aborted when the boot is given up.
async fn carry(
    pool: Arc<Shared>,
    runner: RunnerId,
    request: BootRequest,
    report: watch::Sender<Option<ExitReport>>,
) {
    let created = AssertUnwindSafe(pool.backend.create(&request))
        .catch_unwind()
        .await;
    let created = created.unwrap_or_else(|_| {
        Err(BootError::Rejected {
            source: "the backend panicked".into(),
        })
    });
    match created {
        Ok(instance) => pool.instance_created(runner, &instance.provider_id),
        Err(error) => return pool.boot_failed(runner, BootCause::Backend(Arc::new(error))),
    }
    let ended = pool.backend.ended(&request.name).await;
    tracing::debug!(pool = %pool.name, %runner, %ended, "instance ended");
    report.send_replace(Some(ended.clone()));
    // Once it has attached, its end is its session's news, and this changes nothing.
    pool.boot_failed(runner, BootCause::Exited(ended));
}
