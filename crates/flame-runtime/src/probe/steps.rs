//! The steps, in the order in which a pool takes them. One that fails is the last, but for the clearing up.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use flame_core::backend::{
    Backend, BootRequest, ExitReport, OutputSink, ParentText, Reach, RunnerEntry,
};
use flame_core::pool::BOOT_TIMEOUT;
use flame_core::{InstanceName, PoolName, RunnerId};
use flame_proto::probe::ProbeRequest;

use super::told::{Finding, Found, Told};
use crate::backends;
use crate::config::{FILE, PoolConfig};
use crate::parent::Entrance;
use crate::pool::{Pool, PoolOptions};
use crate::threads::Threads;

/// The pool that is started here, and the one whose settings are looked at if none is named.
const POOL: &str = "doctor";
/// How long the one call may take.
const ROUND_TRIP_TIMEOUT: Duration = Duration::from_secs(10);

/// Takes them. What the process is to exit with.
pub(super) async fn take(request: &ProbeRequest, mut told: Told) -> i32 {
    walk(request, &mut told).await;
    told.finish()
}

async fn walk(request: &ProbeRequest, told: &mut Told) -> Option<()> {
    let pool = request.pool.as_deref().unwrap_or(POOL);
    let (config, options) = told
        .step("configuration", async { configuration(pool) })
        .await?;
    let backend = told.step("backend", async { backend(&config) }).await?;
    told.step("tasks", async { with((), tasks()) }).await?;
    told.step("build id", async {
        with((), Ok(Finding::Fine(flame_task::build_id().to_owned())))
    })
    .await?;
    let address = address(&*backend);
    told.step("parent's address", async { with((), address) })
        .await?;
    let preview = backend.preview(&example(options.boot_timeout));
    told.step("what would be sent", async {
        with((), Ok(previewed(preview)))
    })
    .await?;
    if request.dry_run {
        return Some(());
    }
    told.step("permission", permission(&*backend)).await?;
    let (pool, boot) = start(&options, backend);
    // Also after a boot that failed: what is left of it is ended by the shutdown.
    if told.step("boot", boot).await.is_some() {
        told.step("round trip", round_trip(&pool)).await;
    }
    told.step("shutdown", async {
        if let Ok(pool) = &pool {
            pool.shutdown().await;
        }
        with((), Ok(Finding::Fine("no runner is left".into())))
    })
    .await
}

/// What the pool's settings are. Only `max` has to be in code, and here is no code.
fn configuration(pool: &str) -> Result<((PoolConfig, PoolOptions), Finding), String> {
    pool.parse::<PoolName>()
        .map_err(|error| error.to_string())?;
    let config = PoolConfig::load(pool).map_err(|error| error.to_string())?;
    let options = config.over(&PoolOptions::new());
    let file = if Path::new(FILE).exists() {
        format!("{FILE} and the environment")
    } else {
        format!("no {FILE} in the working directory, so the environment alone")
    };
    let said = match &config.backend {
        Some(backend) => format!("backend {backend:?}"),
        None => "no backend is named, so the default".into(),
    };
    let found = Finding::Fine(format!("{file}: {said}"));
    Ok(((config, options), found))
}

fn backend(config: &PoolConfig) -> Result<(Arc<dyn Backend>, Finding), String> {
    let backend = match &config.backend {
        Some(name) => backends::by_name(name),
        None => backends::default(),
    };
    let backend = backend.map_err(|error| error.to_string())?;
    let reach = match backend.capabilities().reach {
        Reach::SameProcess => "in this process",
        Reach::SameHost => "on this host",
        Reach::Network => "on other hosts",
    };
    let found = Finding::Fine(format!("{}: runners are {reach}", backend.name()));
    Ok((backend, found))
}

fn tasks() -> Found {
    let conflicts = flame_task::registry::conflicts();
    match conflicts.first() {
        Some(conflict) => Err(conflict.to_string()),
        // One of them is the doctor's.
        None => Ok(Finding::Fine(format!(
            "{} in this binary",
            flame_task::registry::tasks().count().saturating_sub(1)
        ))),
    }
}

/// Opens what runners call, and says where that is as they see it.
fn address(backend: &dyn Backend) -> Found {
    let entrance =
        Entrance::open(backend, &Threads::library()).map_err(|error| error.to_string())?;
    if entrance.is_inside() {
        return Ok(Finding::Nothing("runners are in this process"));
    }
    let (attach, bulk) = entrance.addresses();
    let both = if attach == bulk {
        attach.to_string()
    } else {
        format!("{attach} and {bulk}")
    };
    Ok(Finding::Fine(match entrance.pin() {
        Some(_) => format!("{both}, with TLS"),
        None => both,
    }))
}

fn previewed(preview: Option<String>) -> Finding {
    preview.map_or(Finding::Nothing("the backend does not say"), Finding::Fine)
}

/// Lists what there is, which needs an address that answers and a token that it takes.
async fn permission(backend: &dyn Backend) -> Result<((), Finding), String> {
    if !backend.capabilities().list {
        return Ok(((), Finding::Nothing("there is nobody to ask")));
    }
    match backend.list().await {
        Ok(found) => Ok((
            (),
            Finding::Fine(format!(
                "the provider answers; {} runners are there",
                found.len()
            )),
        )),
        Err(error) => Err(causes(&error)),
    }
}

/// A pool with one runner, and the boot of that.
fn start(
    options: &PoolOptions,
    backend: Arc<dyn Backend>,
) -> (
    Result<Pool, String>,
    impl Future<Output = Result<((), Finding), String>>,
) {
    let mut builder = Pool::builder(POOL).backend(backend);
    builder.options = options.min(0).max(1).warm(0);
    let pool = Pool::started(builder).map_err(|error| error.to_string());
    let started = pool.clone();
    let boot = async move {
        let pool = started?;
        // From here on it wants a runner.
        pool.reconfigure(|options| options.min(1))
            .map_err(|error| error.to_string())?;
        pool.start().await.map_err(|error| error.to_string())?;
        let snapshot = pool.snapshot();
        let runner = snapshot.runners.first();
        let name = runner.map(|runner| match &runner.provider_id {
            Some(id) => format!("{} ({id}) has called back", runner.name),
            None => format!("{} has called back", runner.name),
        });
        Ok(((), Finding::Fine(name.unwrap_or_default())))
    };
    (pool, boot)
}

async fn round_trip(pool: &Result<Pool, String>) -> Result<((), Finding), String> {
    let pool = pool.as_ref().map_err(Clone::clone)?;
    let here = std::process::id();
    let call = pool.call(flame_task::task!(|here| (here, std::process::id())));
    let (here, there) = call
        .timeout(ROUND_TRIP_TIMEOUT)
        .await
        .map_err(|error| error.to_string())?;
    Ok((
        (),
        Finding::Fine(format!("process {there} answered a call of process {here}")),
    ))
}

/// A request as a pool makes it, without anything that is secret.
fn example(boot_timeout: Option<Duration>) -> BootRequest {
    #[expect(clippy::expect_used, reason = "the name is written above")]
    let pool: PoolName = POOL.parse().expect("the doctor's pool has a possible name");
    let runner = RunnerId(1);
    BootRequest {
        name: InstanceName::new(&pool, 0, runner),
        parent: ParentText::new(""),
        env: BTreeMap::new(),
        labels: BTreeMap::from([("flame_pool".to_owned(), pool.to_string())]),
        boot_timeout: boot_timeout.unwrap_or(BOOT_TIMEOUT),
        output: OutputSink::new(|_| {}),
        entry: RunnerEntry::new(|| Box::pin(async { ExitReport::default() })),
        pool,
        runner,
    }
}

fn with<T>(value: T, found: Found) -> Result<(T, Finding), String> {
    found.map(|found| (value, found))
}

/// An error and what is behind it, in one line.
fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
