//! Secrets of the user's: on every backend they reach the runner, and nobody else sees them.

use std::fmt::Debug;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flame::{
    Backend, ChildProcess, Ctx, InProcess, Pool, PoolBuilder, Provided, RunnerEnv, Secret, call,
};
use flame_testkit::LoopbackBackend;
use rustix::process::{Resource, getrlimit};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::Registry;

use crate::network::ARGUMENTS;
use crate::scenarios::{start, tell};
use crate::tasks::pool;

const NAME: &str = "PAYMENT_KEY";
/// What must be seen nowhere.
const CANARY: &str = "canary-d41f6f0c-do-not-show";
/// The name of pools whose runners ask for the secret in their `main`.
const ASKING: &str = "asking";

/// What the runner's `main` was given, provided to tasks.
#[derive(Clone, Debug)]
pub(crate) struct OfMain(Option<Secret>);

/// What a runner does before it serves.
pub(crate) async fn ask() {
    let Some(runner) = flame::runner() else {
        return;
    };
    let asks = runner
        .parent()
        .is_some_and(|parent| parent.pool() == ASKING);
    let secret = if asks {
        Some(runner.secret(NAME).await.unwrap())
    } else {
        None
    };
    flame::provide(OfMain(secret));
}

/// By this a value is recognized, and not seen.
fn mark(secret: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    secret.hash(&mut hasher);
    hasher.finish()
}

fn given() -> RunnerEnv {
    RunnerEnv::new().secret(NAME, CANARY)
}

/// The mark of the secret that tasks are given.
async fn read_by_a_task(pool: &Pool) -> Option<u64> {
    let name = NAME.to_owned();
    call!(pool, |name, cx: Ctx| async move {
        cx.secret(&name).map(|secret| mark(secret.expose()))
    })
    .await
    .unwrap()
}

/// All that processes see of a runner: its environment and arguments, and those of a process that it starts, which tells
/// its environment, too.
async fn seen(pool: &Pool) -> String {
    call!(pool, || {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let told = Command::new("env").output().unwrap().stdout;
        let mut seen = String::from_utf8_lossy(&told).into_owned();
        for process in ["self".to_owned(), child.id().to_string()] {
            for file in ["environ", "cmdline"] {
                let bytes = fs::read(format!("/proc/{process}/{file}")).unwrap();
                seen.push_str(&String::from_utf8_lossy(&bytes));
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        seen
    })
    .await
    .unwrap()
}

fn backends() -> Vec<(&'static str, PoolBuilder, Option<Arc<LoopbackBackend>>)> {
    let loopback = Arc::new(LoopbackBackend::new().args(ARGUMENTS));
    vec![
        ("child process", with(ChildProcess::new()), None),
        ("in process", with(InProcess::new()), None),
        ("loopback", with(loopback.clone()), Some(loopback)),
    ]
}

fn with(backend: impl Backend) -> PoolBuilder {
    pool("secretive").backend(backend).env(given())
}

#[tokio::test]
async fn a_task_reads_the_secret_on_every_backend() {
    for (backend, builder, _) in backends() {
        let pool = builder.start().await.unwrap();
        assert_eq!(read_by_a_task(&pool).await, Some(mark(CANARY)), "{backend}");
        let absent = call!(
            pool,
            |cx: Ctx| async move { cx.secret("ANOTHER").is_none() }
        );
        assert!(absent.await.unwrap(), "{backend}");
        pool.shutdown().await;
    }
}

#[tokio::test]
async fn main_reads_the_secret_before_it_serves() {
    let loopback = LoopbackBackend::new().args(ARGUMENTS);
    for builder in [pool(ASKING), pool(ASKING).backend(loopback)] {
        let pool = builder.env(given()).start().await.unwrap();
        let read = call!(pool, |of_main: Provided<OfMain>| async move {
            of_main.0.0.as_ref().map(|secret| mark(secret.expose()))
        });
        assert_eq!(read.await.unwrap(), Some(mark(CANARY)));
        assert_eq!(read_by_a_task(&pool).await, Some(mark(CANARY)));
        pool.shutdown().await;
    }
}

#[tokio::test]
async fn there_is_none_where_none_is_given() {
    let pool = pool("open").start().await.unwrap();
    assert_eq!(read_by_a_task(&pool).await, None);
    pool.shutdown().await;
    assert!(Ctx::current().is_none());
}

#[tokio::test]
async fn a_secret_is_seen_in_no_log_and_no_event_and_on_no_process() {
    let parent = start("keeps_secrets");
    assert_ne!(parent.says_number("lines of log:"), 0);
    parent.says("nothing was seen");
    assert!(parent.end().await.success());
}

/// Gives runners of all kinds a secret, and looks for it everywhere.
pub(crate) async fn keeps_secrets() {
    let log = Log::default();
    tracing::subscriber::set_global_default(Registry::default().with(log.clone())).unwrap();
    for (_, builder, loopback) in backends() {
        log.write("builder", &builder);
        let pool = builder.start().await.unwrap();
        let mut events = pool.events();
        assert_eq!(read_by_a_task(&pool).await, Some(mark(CANARY)));
        log.write("seen", &seen(&pool).await);
        log.write("pool", &(&pool, pool.snapshot()));
        // A task that says all it has, and one that fails.
        let shown = call!(pool, |cx: Ctx| async move {
            eprintln!("{cx:?} {:?}", cx.secret("PAYMENT_KEY"));
            format!("{cx:?} {:?}", cx.secret("PAYMENT_KEY"))
        });
        log.write("shown", &shown.await.unwrap());
        let failed = call!(pool, |cx: Ctx| {
            let secret = cx.secret("PAYMENT_KEY");
            assert!(secret.is_none(), "no luck with {secret:?}");
        });
        log.write("failed", &failed.await.unwrap_err());
        for told in loopback.iter().flat_map(|loopback| loopback.told()) {
            let message = told.expose().strip_prefix("flame1.").unwrap();
            let message = URL_SAFE_NO_PAD.decode(message).unwrap();
            log.write("told", &String::from_utf8_lossy(&message));
        }
        pool.shutdown().await;
        while let Some(event) = events.next().await {
            log.write("event", &event);
        }
    }
    let log = log.lock();
    for expected in [
        "flame_runtime",
        "event=RunnerAttached",
        "h2::",
        "FLAME_LIFELINE",
        "Some(***)",
    ] {
        assert!(log.iter().any(|line| line.contains(expected)), "{expected}");
    }
    for line in log.iter() {
        assert!(!line.contains(CANARY), "{line}");
    }
    tell(&format!("lines of log: {}", log.len()));
    tell("nothing was seen");
}

#[tokio::test]
async fn no_backend_tells_what_a_task_starts_how_to_attach() {
    let pool = pool("childless").start().await.unwrap();
    let seen = seen(&pool).await;
    assert!(!seen.contains("flame1."), "{seen}");
    pool.shutdown().await;
}

#[tokio::test]
async fn runners_leave_no_core_files_unless_they_may() {
    let limit = || {
        let limit = getrlimit(Resource::Core);
        (limit.current, limit.maximum)
    };
    let ours = limit();
    for (env, keeps) in [
        (RunnerEnv::new(), false),
        (RunnerEnv::new().keep_core_files(), true),
    ] {
        let pool = pool("cores").env(env).start().await.unwrap();
        let (current, maximum) = call!(pool, || async move {
            let limit = getrlimit(Resource::Core);
            (limit.current, limit.maximum)
        })
        .await
        .unwrap();
        if keeps {
            assert_eq!((current, maximum), ours);
        } else {
            assert!(current.is_some_and(|bytes| bytes <= 1), "{current:?}");
            assert_eq!(maximum, ours.1, "whoever has to look may raise it");
        }
        pool.shutdown().await;
    }
}

/// Everything that is logged, of any level, by whoever it is, as it is.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn write(&self, what: &str, value: &dyn Debug) {
        self.lock().push(format!("{what}: {value:?}"));
    }

    fn lock(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Subscriber> Layer<S> for Log {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        let mut line = Line(attributes.metadata().name().to_owned());
        attributes.record(&mut line);
        self.lock().push(line.0);
    }

    fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut line = Line(String::new());
        values.record(&mut line);
        self.lock().push(line.0);
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = Line(event.metadata().target().to_owned());
        event.record(&mut line);
        self.lock().push(line.0);
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!(" {field}={value:?}"));
    }
}
