//! Machines are destroyed, and it is made sure that they are.

use std::time::Duration;

use flame_core::backend::{Backend, ExitKind};
use flame_fly_emulator::{Fault, Recipe, Route, State};
use serde_json::json;

use crate::stage::{Stage, request, request_within};

// C20
#[tokio::test]
async fn a_machine_that_is_not_started_in_time_is_destroyed_and_its_boot_told_what_fly_said() {
    let stage = Stage::new().await;
    stage
        .emulator
        .apply(Recipe::stuck_created(Duration::from_secs(7200)));
    let wanted = request_within(Duration::from_secs(3));
    let instance = stage.create(&wanted).await.unwrap();
    let report = stage.backend.ended(&wanted.name).await;

    assert_eq!(report.how, ExitKind::NeverStarted);
    let told = report.to_string();
    assert!(
        told.contains("last created") && told.contains("launch/created"),
        "{told}"
    );
    let machine = stage.emulator.machine(&instance.provider_id).unwrap();
    assert_eq!(machine.state, State::Destroyed);
    stage.backend.destroy(&wanted.name).await.unwrap();
    stage.ends_clean();
}

// C24
#[tokio::test]
async fn what_a_wait_has_seen_gone_is_gone_whatever_the_next_answer_calls_it() {
    let shown = Duration::from_secs(3600);
    let stage = Stage::with(|config| config.destroying_shown_for(shown)).await;
    let wanted = request();
    stage.create(&wanted).await.unwrap();
    stage.backend.destroy(&wanted.name).await.unwrap();
    assert_eq!(stage.count(Route::Wait), 1);
    stage.ends_clean();
}

// C25
#[tokio::test]
async fn what_is_gone_already_is_destroyed() {
    let stage = Stage::new().await;
    let wanted = request();
    let instance = stage.create(&wanted).await.unwrap();
    stage.emulator.destroy(&instance.provider_id);
    let gone = json!({"error": "not_found: machine not found"});
    stage
        .emulator
        .inject(Fault::answer(404, gone).on(Route::Destroy));
    stage.backend.destroy(&wanted.name).await.unwrap();
    stage.backend.destroy(&wanted.name).await.unwrap();
    stage.ends_clean();
}

// C26
#[tokio::test]
async fn a_running_machine_is_destroyed_with_force() {
    let stage = Stage::new().await;
    let wanted = request();
    stage.create(&wanted).await.unwrap();
    let up = |emulator: &flame_fly_emulator::Emulator| {
        (emulator.live()[0].state == State::Started).then_some(())
    };
    stage.emulator.until(up).await;
    stage.backend.destroy(&wanted.name).await.unwrap();
    let destroys = stage.requests(Route::Destroy);
    assert!(
        destroys
            .iter()
            .all(|destroy| destroy.asked("force") == Some("true"))
    );
    stage.ends_clean();
}

// C35
#[tokio::test]
async fn a_machine_that_somebody_else_holds_is_destroyed_when_it_is_let_go() {
    let stage = Stage::new().await;
    let wanted = request();
    stage.create(&wanted).await.unwrap();
    let held = json!({"error": "machine ID 4d89 lease currently held by 9af6@tokens.fly.io, expires at 2026-05-14T10:41:08Z"});
    let fault = Fault::answer(409, held).on(Route::Destroy);
    stage.emulator.inject(fault.clone().times(2));
    stage.backend.destroy(&wanted.name).await.unwrap();
    assert_eq!(stage.count(Route::Destroy), 3);
    stage.ends_clean();

    // And if it is not let go, the pool hears who has it, and asks again later.
    let wanted = request();
    stage.create(&wanted).await.unwrap();
    stage.emulator.inject(fault.times(4));
    let error = stage.backend.destroy(&wanted.name).await.unwrap_err();
    let told = std::error::Error::source(&error).unwrap().to_string();
    assert!(told.contains("9af6@tokens.fly.io"), "{told}");
    stage.backend.destroy(&wanted.name).await.unwrap();
    stage.ends_clean();
}

#[tokio::test]
async fn an_instance_is_not_called_gone_while_fly_says_that_it_is_there() {
    let stage = Stage::new().await;
    let wanted = request();
    stage.create(&wanted).await.unwrap();
    // Fly says yes and does nothing.
    stage.emulator.inject(
        Fault::answer(200, json!({"ok": true}))
            .on(Route::Destroy)
            .times(4),
    );
    let late = json!({"error": "deadline_exceeded: machine failed to reach desired state, destroyed, currently started"});
    stage
        .emulator
        .inject(Fault::answer(408, late).on(Route::Wait).times(4));
    assert!(stage.backend.destroy(&wanted.name).await.is_err());
    stage.backend.destroy(&wanted.name).await.unwrap();
    stage.ends_clean();
}
