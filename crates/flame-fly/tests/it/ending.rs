//! The end of a machine is told, and how it came.

use std::time::Duration;

use flame_core::backend::{Backend, ExitKind};
use flame_fly_emulator::{BootScript, Fault, Recipe, Route, State};
use serde_json::json;
use tokio::time::timeout;

use crate::stage::{Stage, request};

/// Much less than the thirty seconds of a boot.
const AT_ONCE: Duration = Duration::from_secs(10);

// C21
#[tokio::test]
async fn a_program_that_ends_before_it_calls_back_fails_its_boot_at_once() {
    for (script, how) in [
        (BootScript::exits(3), ExitKind::Code(3)),
        (BootScript::exits(0), ExitKind::Code(0)),
        (BootScript::out_of_memory(), ExitKind::OutOfMemory),
    ] {
        let stage = Stage::new().await;
        stage.emulator.set_boot(script);
        let wanted = request();
        stage.create(&wanted).await.unwrap();
        let report = timeout(AT_ONCE, stage.backend.ended(&wanted.name))
            .await
            .unwrap();
        assert_eq!(report.how, how);
        assert!(report.to_string().contains("start/started"), "{report}");
        stage.backend.destroy(&wanted.name).await.unwrap();
        stage.ends_clean();
    }
}

// C22
#[tokio::test]
async fn an_image_that_cannot_be_pulled_fails_its_boot_at_once() {
    let stage = Stage::new().await;
    stage.emulator.apply(Recipe::pull_fails());
    let wanted = request();
    stage.create(&wanted).await.unwrap();
    let report = timeout(AT_ONCE, stage.backend.ended(&wanted.name))
        .await
        .unwrap();
    assert_eq!(report.how, ExitKind::NeverStarted);
    assert!(report.to_string().contains("image"), "{report}");
    assert!(stage.requests(Route::Destroy).is_empty());
    stage.backend.destroy(&wanted.name).await.unwrap();
    stage.ends_clean();
}

// C22
#[tokio::test]
async fn a_machine_that_fly_has_forgotten_has_disappeared() {
    let stage = Stage::new().await;
    let wanted = request();
    stage.create(&wanted).await.unwrap();
    let gone = json!({"error": "not_found: machine not found"});
    stage
        .emulator
        .inject(Fault::answer(404, gone).on(Route::Get));
    let report = timeout(AT_ONCE, stage.backend.ended(&wanted.name))
        .await
        .unwrap();
    assert_eq!(report.how, ExitKind::NeverStarted);
    assert!(report.to_string().contains("disappeared"), "{report}");
    stage.backend.destroy(&wanted.name).await.unwrap();
}

// C23
#[tokio::test]
async fn the_end_of_a_running_machine_is_waited_for_in_waits_that_fly_allows() {
    let stage = Stage::new().await;
    let wanted = request();
    let instance = stage.create(&wanted).await.unwrap();
    // The first wait comes to the end of its time.
    let late = json!({"error": "deadline_exceeded: machine failed to reach desired state, destroyed, currently started"});
    stage
        .emulator
        .inject(Fault::answer(408, late).on(Route::Wait));
    let (ended, again) = (stage.backend.ended(&wanted.name), async {
        let twice = |emulator: &flame_fly_emulator::Emulator| {
            let waits = emulator
                .journal()
                .into_iter()
                .filter(|exchange| exchange.route == Route::Wait);
            (waits.count() == 2).then_some(())
        };
        stage.emulator.until(twice).await;
        assert!(stage.emulator.end_process(&instance.provider_id, 5));
    });
    let (report, ()) = timeout(AT_ONCE * 2, async { tokio::join!(ended, again) })
        .await
        .unwrap();
    assert_eq!(report.how, ExitKind::Code(5));
    let waits = stage.requests(Route::Wait);
    assert!(waits.iter().all(|wait| wait.asked("timeout") == Some("60")));
    stage.backend.destroy(&wanted.name).await.unwrap();
    stage.ends_clean();
}

// C28
#[tokio::test]
async fn a_machine_whose_program_has_ended_is_gone_by_itself() {
    let stage = Stage::new().await;
    for code in [0, 1] {
        stage.emulator.next_boot(BootScript::exits(code));
        let wanted = request();
        let instance = stage.create(&wanted).await.unwrap();
        let report = timeout(AT_ONCE, stage.backend.ended(&wanted.name))
            .await
            .unwrap();
        assert_eq!(report.how, ExitKind::Code(code));
        let machine = stage.emulator.machine(&instance.provider_id).unwrap();
        assert_eq!(machine.state, State::Destroyed);
        assert!(stage.backend.list().await.unwrap().is_empty());
        stage.backend.destroy(&wanted.name).await.unwrap();
    }
    stage.ends_clean();
}

#[tokio::test]
async fn whoever_waits_for_the_end_hears_of_a_destroy() {
    let stage = Stage::new().await;
    let wanted = request();
    stage.create(&wanted).await.unwrap();
    let (report, destroyed) = timeout(AT_ONCE, async {
        tokio::join!(
            stage.backend.ended(&wanted.name),
            stage.backend.destroy(&wanted.name)
        )
    })
    .await
    .unwrap();
    destroyed.unwrap();
    assert_eq!(report.how, ExitKind::Unknown);
    stage.ends_clean();
}

#[tokio::test]
async fn a_machine_whose_session_was_lost_is_looked_at_at_once() {
    let stage = Stage::new().await;
    let (wanted, other) = (request(), request());
    let instance = stage.create(&wanted).await.unwrap();
    stage.create(&other).await.unwrap();
    // The server's own word of the end is far away.
    let held = Fault::delay(Duration::from_secs(60)).on(Route::Wait);
    stage.emulator.inject(held.always());
    let (report, ()) = tokio::join!(stage.backend.ended(&wanted.name), async {
        let is_waited_for = |emulator: &flame_fly_emulator::Emulator| {
            let mut journal = emulator.journal().into_iter();
            journal
                .any(|exchange| exchange.route == Route::Wait)
                .then_some(())
        };
        stage.emulator.until(is_waited_for).await;
        assert!(stage.emulator.run_out_of_memory(&instance.provider_id));
        // What runs on is looked at for a while and no longer.
        let looked = async {
            tokio::join!(
                stage.backend.session_lost(&wanted.name),
                stage.backend.session_lost(&other.name)
            )
        };
        timeout(AT_ONCE, looked).await.unwrap();
    });
    assert_eq!(report.how, ExitKind::OutOfMemory);
}
