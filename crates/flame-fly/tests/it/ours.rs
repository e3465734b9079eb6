//! Lists, labels and addresses.

use flame_core::backend::{Backend, BootRequest, Reach};
use flame_fly::{FlyBackend, FlyConfig};
use flame_fly_emulator::Route;

use crate::stage::{Stage, config_for, request};

// C32
#[tokio::test]
async fn labels_come_back_as_they_were_given() {
    let stage = Stage::new().await;
    let mut wanted = request();
    wanted.labels.insert("team".into(), "a:b %c&d+e=f".into());
    stage.create(&wanted).await.unwrap();
    let listed = stage.backend.list().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (&listed[0].name, &listed[0].labels),
        (&wanted.name, &wanted.labels)
    );
    assert_eq!(
        stage.requests(Route::List)[0].asked("metadata.flame"),
        Some("1")
    );
    stage.backend.destroy(&wanted.name).await.unwrap();
    stage.ends_clean();
}

#[tokio::test]
async fn metadata_of_the_users_is_no_label() {
    let stage = Stage::new().await;
    let metadata = [("team".to_owned(), "blue".to_owned())].into();
    let backend = FlyBackend::new(FlyConfig {
        metadata,
        ..config_for(&stage.emulator)
    })
    .unwrap();
    let wanted = request();
    backend.create(&wanted).await.unwrap();
    assert_eq!(stage.emulator.live()[0].metadata("team"), Some("blue"));
    assert_eq!(backend.list().await.unwrap()[0].labels, wanted.labels);
    backend.destroy(&wanted.name).await.unwrap();
}

#[tokio::test]
async fn what_another_process_has_made_can_be_destroyed_by_the_name_in_the_list() {
    let stage = Stage::new().await;
    let parent_machine = Some("another".into());
    let other = FlyBackend::new(FlyConfig {
        parent_machine,
        ..config_for(&stage.emulator)
    })
    .unwrap();
    other.create(&request()).await.unwrap();
    let listed = stage.backend.list().await.unwrap();
    stage.backend.destroy(&listed[0].name).await.unwrap();
    stage.ends_clean();
}

#[tokio::test]
async fn a_label_that_cannot_be_metadata_is_refused_before_any_request() {
    let stage = Stage::new().await;
    let labels = [("flame_pool".to_owned(), "x".repeat(200))].into();
    let (error, cause) = stage
        .refusal(&BootRequest {
            labels,
            ..request()
        })
        .await;
    assert!(
        !error.is_transient() && cause.to_string().contains("flame_pool"),
        "{cause}"
    );
    assert!(stage.requests(Route::Create).is_empty());
}

#[tokio::test]
async fn runners_are_on_other_hosts_and_find_this_process_at_its_private_address() {
    let stage = Stage::new().await;
    assert_eq!(stage.backend.capabilities().reach, Reach::Network);
    assert!(stage.backend.capabilities().list);
    let address = stage.backend.parent_address().unwrap();
    assert_eq!(address.dialed(7), "127.0.0.1:7");
}
