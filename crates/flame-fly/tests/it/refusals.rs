//! What Fly refuses, and what is made of it.

use std::time::Duration;

use flame_core::backend::{Backend, BootError};
use flame_fly::FlyError;
use flame_fly_emulator::{Fault, Route};
use serde_json::json;

use crate::stage::{Stage, request, request_within};

// C5
#[tokio::test]
async fn a_token_that_is_not_good_is_refused_once_and_for_all() {
    let stage = Stage::new().await;
    stage.emulator.revoke(crate::stage::TOKEN);
    let (error, cause) = stage.refusal(&request()).await;
    assert!(matches!(error, BootError::Rejected { .. }), "{error:?}");
    assert!(
        cause
            .to_string()
            .contains("fly tokens create deploy -a my-app"),
        "{cause}"
    );
    assert_eq!(stage.count(Route::Create), 1);
}

// C5
#[tokio::test]
async fn a_token_for_another_app_is_refused_once_and_for_all() {
    let stage = Stage::new().await;
    stage
        .emulator
        .inject(Fault::answer(403, json!({"error": "unauthorized"})).on(Route::Create));
    let (error, cause) = stage.refusal(&request()).await;
    assert!(
        !error.is_transient() && matches!(cause, FlyError::Credentials { .. }),
        "{cause:?}"
    );
    assert_eq!(stage.count(Route::Create), 1);
}

// C6
#[tokio::test]
async fn what_fly_says_about_the_configuration_is_told_and_not_tried_again() {
    let stage = Stage::new().await;
    let config = flame_fly::FlyConfig {
        cpus: Some(4),
        memory_mb: Some(4096),
        ..crate::stage::config_for(&stage.emulator)
    };
    let backend = flame_fly::FlyBackend::new(config).unwrap();
    let error = backend.create(&request()).await.unwrap_err();
    let cause = crate::stage::cause(&error);
    assert!(!error.is_transient(), "{cause}");
    assert!(
        cause.to_string().contains("minimum required 8192 MiB"),
        "{cause}"
    );
    assert!(cause.to_string().contains("[fly]"), "{cause}");
    assert_eq!(stage.count(Route::Create), 1);
}

// C10
#[tokio::test]
async fn when_there_is_no_room_to_the_end_the_caller_hears_where() {
    let stage = Stage::new().await;
    stage.emulator.set_capacity("iad", 0);
    let (error, cause) = stage.refusal(&request_within(Duration::from_secs(2))).await;
    assert!(matches!(error, BootError::NoCapacity { .. }), "{error:?}");
    assert!(cause.to_string().contains("no room in iad"), "{cause}");
    assert!(
        cause
            .to_string()
            .contains("could not find a candidate host"),
        "{cause}"
    );
    assert!(stage.count(Route::Create) > 1);
}

// C36
#[tokio::test]
async fn answers_that_are_not_the_apis_are_errors_with_what_is_known() {
    for (fault, told) in [
        (
            Fault::text(502, "<html>bad gateway</html>"),
            "a page in HTML",
        ),
        (Fault::empty(500), "HTTP 500"),
        (
            Fault::text(400, "x".repeat(2 * 1024 * 1024)),
            "longer than 1048576 bytes",
        ),
        (
            Fault::answer(400, json!({"error": "bad"})).header("fly-request-id", "01K0EXAMPLE-iad"),
            "request 01K0EXAMPLE-iad",
        ),
    ] {
        let stage = Stage::new().await;
        stage.emulator.inject(fault.on(Route::Create).always());
        let (_, cause) = stage.refusal(&request_within(Duration::from_secs(2))).await;
        assert!(cause.to_string().contains(told), "{cause}");
    }
}

// C37
#[tokio::test]
async fn the_token_does_not_follow_a_redirection() {
    for status in [301, 307] {
        let (stage, elsewhere) = (Stage::new().await, Stage::new().await);
        let location = format!("{}/v1/apps/my-app/machines", elsewhere.emulator.base_url());
        stage
            .emulator
            .inject(Fault::redirect(status, location).on(Route::Create));
        let (error, cause) = stage.refusal(&request()).await;
        assert!(!error.is_transient(), "{error:?}");
        assert!(matches!(cause, FlyError::Redirected { .. }), "{cause:?}");
        assert!(elsewhere.emulator.journal().is_empty());
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_not_waited_for_any_longer_than_that() {
    let stage = Stage::new().await;
    let config = flame_fly::FlyConfig {
        request_timeout: Duration::from_millis(200),
        ..crate::stage::config_for(&stage.emulator)
    };
    let backend = flame_fly::FlyBackend::new(config).unwrap();
    // The answer comes in pieces, each in time.
    stage.emulator.inject(
        Fault::slow_body(Duration::from_millis(150))
            .on(Route::Create)
            .always(),
    );
    let wanted = request_within(Duration::from_secs(8));
    // The machine is there, and its name leads to it.
    backend.create(&wanted).await.unwrap();
    assert_eq!(stage.emulator.machines().len(), 1);
    backend.destroy(&wanted.name).await.unwrap();
    stage.ends_clean();
}
