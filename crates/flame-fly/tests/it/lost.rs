//! Answers that are not heard: there is one machine for a boot all the same.

use std::time::Duration;

use flame_core::backend::Backend;
use flame_fly::FlyError;
use flame_fly_emulator::{Fault, Recipe, Route};
use serde_json::json;

use crate::stage::{Stage, request, request_within};

// C12, C15
#[tokio::test]
async fn a_lost_answer_leads_to_the_machine_that_it_told_of() {
    for recipe in [Recipe::lost_create(), Recipe::lost_create_408()] {
        let stage = Stage::new().await;
        stage.emulator.apply(recipe);
        let wanted = request();
        let instance = stage.create(&wanted).await.unwrap();

        let machines = stage.emulator.machines();
        assert_eq!(machines.len(), 1);
        assert_eq!(machines[0].id, instance.provider_id);
        assert_eq!(stage.count(Route::Create), 2);
        stage.backend.destroy(&wanted.name).await.unwrap();
        stage.ends_clean();
    }
}

// C15
#[tokio::test]
async fn a_request_that_was_lost_before_it_was_carried_out_is_carried_out_once() {
    let stage = Stage::new().await;
    stage.emulator.apply(Recipe::refused_create());
    let wanted = request();
    stage.create(&wanted).await.unwrap();
    assert_eq!(stage.emulator.machines().len(), 1);
    stage.backend.destroy(&wanted.name).await.unwrap();
    stage.ends_clean();
}

// C13
#[tokio::test]
async fn a_name_that_another_has_is_left_to_it() {
    let stage = Stage::new().await;
    let wanted = request();
    stage.create(&wanted).await.unwrap();
    // Another process, which has chosen the same name.
    let other = Stage {
        backend: flame_fly::FlyBackend::new(flame_fly::FlyConfig {
            parent_machine: Some("another".into()),
            ..crate::stage::config_for(&stage.emulator)
        })
        .unwrap(),
        emulator: stage.emulator,
    };
    let (error, cause) = other.refusal(&wanted).await;
    assert!(matches!(cause, FlyError::NameTaken { .. }), "{cause:?}");
    // A next boot has another name.
    assert!(error.is_transient());
    other.backend.destroy(&wanted.name).await.unwrap();

    assert_eq!(other.emulator.live().len(), 1);
    stage.backend.destroy(&wanted.name).await.unwrap();
    other.ends_clean();
}

// C16
#[tokio::test]
async fn what_no_second_request_could_find_is_found_in_a_list() {
    let stage = Stage::with(|config| config.replication_delay(Duration::from_millis(500))).await;
    stage.emulator.apply(Recipe::lost_create_408());
    let broken = Fault::answer(503, json!({"error": "unavailable"})).on(Route::Create);
    // Faults before a request is carried out come first, so the first request is spared.
    stage.emulator.inject(broken.always().skip(1));
    let wanted = request_within(Duration::from_secs(5));
    let instance = stage.create(&wanted).await.unwrap();

    assert_eq!(stage.emulator.live()[0].id, instance.provider_id);
    assert!(stage.count(Route::List) >= 1);
    stage.backend.destroy(&wanted.name).await.unwrap();
    stage.ends_clean();
}

// C17
#[tokio::test]
async fn what_cannot_be_found_is_told_as_unknown_and_ended_when_it_appears() {
    let late = Duration::from_secs(20);
    let stage = Stage::with(|config| config.replication_delay(late)).await;
    stage.emulator.apply(Recipe::lost_create_408());
    let broken = Fault::answer(503, json!({"error": "unavailable"})).on(Route::Create);
    // Faults before a request is carried out come first, so the first request is spared.
    stage.emulator.inject(broken.always().skip(1));
    let wanted = request_within(Duration::from_secs(3));
    let (error, cause) = stage.refusal(&wanted).await;

    let FlyError::OutcomeUnknown { name, nonce, .. } = &cause else {
        panic!("{cause:?}");
    };
    assert_eq!(name, wanted.name.as_str());
    assert!(error.is_transient() && stage.count(Route::List) == 2);
    let unseen = &stage.emulator.live()[0];
    assert_eq!(unseen.metadata("flame_boot"), Some(nonce.as_str()));

    // Nothing is found, so there is nothing to do for the pool; the sweep goes on looking.
    stage.backend.destroy(&wanted.name).await.unwrap();
    tokio::select! {
        () = stage.backend.tend() => {}
        () = stage.emulator.until(|emulator| emulator.live().is_empty().then_some(())) => {}
    }
    stage.ends_clean();
}

// C3
#[tokio::test]
async fn an_answer_that_tells_of_no_machine_leaves_none() {
    let stage = Stage::new().await;
    let nothing = json!({"name": "x", "state": "created"});
    stage
        .emulator
        .inject(Fault::answer(200, nothing).on(Route::Create).after_commit());
    let wanted = request();
    let (_, cause) = stage.refusal(&wanted).await;
    assert!(matches!(cause, FlyError::Malformed { .. }), "{cause:?}");
    stage.ends_clean();
    stage.backend.destroy(&wanted.name).await.unwrap();
}

// C3
#[tokio::test]
async fn an_answer_without_the_number_of_its_version_is_enough() {
    let stage = Stage::new().await;
    let little = json!({"id": "4d890000000001", "private_ip": "fdaa::1"});
    stage
        .emulator
        .inject(Fault::answer(200, little).on(Route::Create));
    assert!(stage.create(&request()).await.is_ok());
}

// C36
#[tokio::test]
async fn an_answer_that_cannot_be_read_leads_to_the_machine_all_the_same() {
    for fault in [Fault::truncate(40), Fault::garbage()] {
        let stage = Stage::new().await;
        stage.emulator.inject(fault.on(Route::Create));
        let wanted = request();
        stage.create(&wanted).await.unwrap();
        assert_eq!(stage.emulator.machines().len(), 1);
        stage.backend.destroy(&wanted.name).await.unwrap();
        stage.ends_clean();
    }
}

#[tokio::test]
async fn a_create_that_is_dropped_while_it_is_sent_leaves_nothing_after_destroy() {
    let stage = Stage::with(|config| config.latency(Duration::from_millis(300))).await;
    let wanted = request();
    let sent = stage
        .emulator
        .until(|emulator| (!emulator.journal().is_empty()).then_some(()));
    tokio::select! {
        created = stage.create(&wanted) => panic!("{created:?}"),
        () = sent => {}
    }
    stage.backend.destroy(&wanted.name).await.unwrap();
    assert_eq!(stage.emulator.machines().len(), 1);
    stage.ends_clean();
}
