//! Every kind of error, and every request that may go wrong.

use std::error::Error;
use std::fmt::Write;
use std::pin::Pin;
use std::time::Duration;

use flame_core::backend::{Backend, BootRequest};
use flame_fly::{FlyBackend, FlyConfig};
use flame_fly_emulator::{Fault, Recipe, Route};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{ECHO, wanted};
use crate::stage::{Stage, config_for, nobody, request_within};

/// All that there are. What a new one shows has to be looked at here, too.
const KINDS: [&str; 21] = [
    "Busy",
    "Credentials",
    "GivenUp",
    "Label",
    "Lost",
    "Malformed",
    "NameHeld",
    "NameTaken",
    "NoCapacity",
    "NotFound",
    "OutcomeUnknown",
    "RateLimited",
    "Redirected",
    "Rejected",
    "Server",
    "StillThere",
    "TimedOut",
    "TooLong",
    "TooManyAtOnce",
    "Unreachable",
    "Variable",
];

/// What a story has told.
type Story = Pin<Box<dyn Future<Output = String> + Send>>;

/// Lets everything go wrong, and adds what is told of it.
pub(super) async fn every_kind_of_error(told: &mut String) {
    let stories: [Story; 13] = [
        Box::pin(nobody_is_there()),
        Box::pin(no_answer_in_time()),
        Box::pin(creates(vec![Fault::text(200, ECHO.repeat(40_000))])),
        Box::pin(creates(vec![Fault::answer(200, json!({ "error": ECHO }))])),
        Box::pin(creates(vec![
            Fault::answer(
                422,
                json!({"error": ECHO, "status": "insufficient_capacity"}),
            )
            .always(),
        ])),
        Box::pin(creates(vec![
            Fault::answer(409, json!({ "error": format!("already_exists: {ECHO}") })).always(),
        ])),
        Box::pin(a_name_is_taken()),
        Box::pin(too_many_at_once()),
        Box::pin(it_stays()),
        Box::pin(it_is_given_up()),
        Box::pin(what_cannot_be_sent()),
        Box::pin(what_else_is_asked(401)),
        Box::pin(what_else_is_asked(500)),
    ];
    let stories: JoinSet<String> = stories.into_iter().collect();
    for story in stories.join_all().await {
        told.push_str(&story);
    }
    let missing = KINDS.map(|kind| format!(" {kind}"));
    let missing: Vec<_> = missing
        .iter()
        .filter(|kind| !told.contains(*kind))
        .collect();
    assert!(missing.is_empty(), "{missing:?} are missing in {told}");
}

/// An error and its causes, as people and as tools print them.
fn tell(told: &mut String, error: &(dyn Error + 'static)) {
    let mut next = Some(error);
    while let Some(error) = next {
        writeln!(told, " {error} {error:?}").unwrap();
        next = error.source();
    }
}

/// Asks for a machine and gives it back.
async fn boot(backend: &FlyBackend, wanted: &BootRequest) -> String {
    let mut told = String::new();
    if let Err(error) = backend.create(wanted).await {
        tell(&mut told, &error);
    }
    if let Err(error) = backend.destroy(&wanted.name).await {
        tell(&mut told, &error);
    }
    told
}

async fn creates(faults: Vec<Fault>) -> String {
    let stage = Stage::new().await;
    for fault in faults {
        stage.emulator.inject(fault.on(Route::Create));
    }
    boot(&stage.backend, &wanted()).await
}

async fn nobody_is_there() -> String {
    let stage = Stage::new().await;
    let (_taken, host) = nobody();
    let backend = FlyBackend::new(FlyConfig {
        host: Some(host),
        ..config_for(&stage.emulator)
    });
    boot(&backend.unwrap(), &wanted()).await
}

async fn no_answer_in_time() -> String {
    let stage = Stage::new().await;
    let backend = FlyBackend::new(FlyConfig {
        request_timeout: Duration::from_millis(200),
        ..config_for(&stage.emulator)
    });
    for route in [Route::Create, Route::Destroy] {
        let late = Fault::delay(Duration::from_secs(1)).on(route).always();
        stage.emulator.inject(late);
    }
    boot(&backend.unwrap(), &wanted()).await
}

async fn a_name_is_taken() -> String {
    let stage = Stage::new().await;
    let other = stage.create(&wanted()).await.unwrap().provider_id;
    let words = format!("already_exists: machine ID {other} already exists, {ECHO}");
    let taken = Fault::answer(409, json!({ "error": words }));
    stage.emulator.inject(taken.on(Route::Create));
    boot(&stage.backend, &wanted()).await
}

async fn too_many_at_once() -> String {
    let stage = Stage::new().await;
    let mut boots = JoinSet::new();
    for _ in 0..6 {
        let backend = stage.backend.clone();
        let wanted = BootRequest {
            boot_timeout: Duration::from_secs(1),
            ..wanted()
        };
        boots.spawn(async move { boot(&backend, &wanted).await });
    }
    boots.join_all().await.concat()
}

async fn it_stays() -> String {
    let stage = Stage::new().await;
    let done = Fault::answer(200, json!({"ok": true})).on(Route::Destroy);
    stage.emulator.inject(done.always());
    let late = Fault::answer(408, json!({ "error": ECHO })).on(Route::Wait);
    stage.emulator.inject(late.always());
    boot(&stage.backend, &wanted()).await
}

async fn it_is_given_up() -> String {
    let stage = Stage::new().await;
    stage.emulator.apply(Recipe::rate_storm(100));
    let wanted = wanted();
    let (created, destroyed) = tokio::join!(stage.create(&wanted), async {
        let asked = |emulator: &flame_fly_emulator::Emulator| {
            (!emulator.journal().is_empty()).then_some(())
        };
        stage.emulator.until(asked).await;
        stage.backend.destroy(&wanted.name).await
    });
    destroyed.unwrap();
    let mut told = String::new();
    tell(&mut told, &created.unwrap_err());
    told
}

async fn what_cannot_be_sent() -> String {
    let stage = Stage::new().await;
    let variable = BootRequest {
        env: [("FLAME_PARENT".to_owned(), "canaryvalue".to_owned())].into(),
        ..wanted()
    };
    let label = BootRequest {
        labels: [("Not a key".to_owned(), "value".to_owned())].into(),
        ..wanted()
    };
    boot(&stage.backend, &variable).await + &boot(&stage.backend, &label).await
}

/// Whatever is asked of a machine that is there is answered with this.
async fn what_else_is_asked(status: u16) -> String {
    let stage = Stage::new().await;
    let wanted = BootRequest {
        env: wanted().env,
        parent: wanted().parent,
        ..request_within(Duration::from_secs(30))
    };
    stage.create(&wanted).await.unwrap();
    let answer = || Fault::answer(status, json!({ "error": ECHO })).always();
    for route in [Route::Get, Route::Wait, Route::List, Route::Destroy] {
        stage.emulator.inject(answer().on(route));
    }
    let mut told = String::new();
    if let Err(error) = stage.backend.list().await {
        tell(&mut told, &error);
    }
    if let Err(error) = stage.backend.destroy(&wanted.name).await {
        tell(&mut told, &error);
    }
    // Both go on until they are dropped, and log what they meet.
    let while_it_lasts = Duration::from_secs(3);
    let watched = timeout(while_it_lasts, stage.backend.ended(&wanted.name));
    let swept = timeout(while_it_lasts, stage.backend.tend());
    let (watched, _) = tokio::join!(watched, swept);
    assert!(watched.is_err(), "nobody could say that it has ended");
    told
}
