//! Neither the token nor what a runner is told is written anywhere.

mod paths;

use std::fmt::Write;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flame_core::backend::{Backend, BootRequest, ParentText};
use flame_fly_emulator::{Fault, Recipe, Route};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::stage::{Stage, request_within};

/// What a server says that repeats what it was sent.
const ECHO: &str =
    "no: FlyV1 fm2_canarytoken,fm2_canarydischarge FLAME_PARENT=canaryparent KEY=canaryvalue";

/// What must not be written: parts of the token, what a runner is told, a variable's value.
const CANARIES: [&str; 4] = [
    "canarytoken",
    "canarydischarge",
    "canaryparent",
    "canaryvalue",
];

/// Everything that is logged at any level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn wanted() -> BootRequest {
    BootRequest {
        parent: ParentText::new("canaryparent"),
        env: [("KEY".to_owned(), "canaryvalue".to_owned())].into(),
        ..request_within(Duration::from_secs(3))
    }
}

/// Ways in which a boot fails or nearly fails.
fn faults() -> Vec<Fault> {
    let answer = |status| Fault::answer(status, json!({ "error": ECHO })).on(Route::Create);
    let mut faults: Vec<Fault> = [400, 401, 403, 404, 408, 409, 412, 422, 429, 500, 503]
        .map(|status| answer(status).always())
        .into();
    faults.push(Fault::text(502, ECHO).on(Route::Create).always());
    faults.push(Fault::redirect(301, "http://127.0.0.1:1/").on(Route::Create));
    faults.push(Fault::drop_connection().on(Route::Create).always());
    faults.push(Fault::garbage().on(Route::Create));
    faults.push(Fault::truncate(10).on(Route::Create));
    faults
}

// C5
#[tokio::test(flavor = "current_thread")]
async fn no_error_and_no_log_at_any_level_shows_a_secret() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(log.clone())
        .finish();
    // For the whole process, and whatever the other tests log is looked at, too.
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let mut told = String::new();
    for fault in faults() {
        let stage = Stage::new().await;
        stage.emulator.inject(fault);
        let wanted = wanted();
        match stage.create(&wanted).await {
            Ok(instance) => write!(told, "{instance:?}").unwrap(),
            Err(error) => {
                let cause = crate::stage::cause(&error);
                writeln!(told, "{error} {error:?} {cause} {cause:?}").unwrap();
            }
        }
        writeln!(told, "{:?}", stage.backend).unwrap();
        if let Err(error) = stage.backend.destroy(&wanted.name).await {
            writeln!(told, "{error} {error:?}").unwrap();
        }
    }
    let stage = Stage::new().await;
    stage.emulator.apply(Recipe::boots_then_exits(1));
    let wanted = wanted();
    stage.create(&wanted).await.unwrap();
    writeln!(told, "{}", stage.backend.ended(&wanted.name).await).unwrap();
    stage.backend.destroy(&wanted.name).await.unwrap();

    paths::every_kind_of_error(&mut told).await;

    let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    // It was listened to.
    assert!(
        logged.contains("create failed") && logged.contains("answered"),
        "{logged}"
    );
    assert!(told.contains("Fly refuses the token"), "{told}");
    for canary in CANARIES {
        let line = logged.lines().find(|line| line.contains(canary));
        assert!(line.is_none(), "{canary} was logged: {line:?}");
        let line = told.lines().find(|line| line.contains(canary));
        assert!(line.is_none(), "{canary} was told: {line:?}");
    }
}
