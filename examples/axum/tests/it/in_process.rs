//! The whole service, asked without a socket, with runners that are tasks of this process.
//!
//! Values become bytes and values again on their way, so what cannot travel is found here.

use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum_thumbnails::{App, State, Store, database, router};
use flame::{InProcess, Pool};
use sqlx::SqlitePool;
use tokio::sync::OnceCell;

use crate::{ask, form, once_ended, pictures};

/// What is provided is provided to the process: once, for all tests that it runs.
///
/// It is a file, for each test has a runtime of its own, and a connection that is in use when its runtime ends is
/// closed. In memory that would be the end of the database.
async fn provided() -> SqlitePool {
    static DB: OnceCell<SqlitePool> = OnceCell::const_new();
    let provide = async || {
        let name = format!("in-process-{}.sqlite", std::process::id());
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        // Of another process with the same number, long ago.
        let _ = std::fs::remove_file(&file);
        let db = database::open(&file, 5).await.unwrap();
        database::migrate(&db).await.unwrap();
        flame::provide(db.clone());
        db
    };
    DB.get_or_init(provide).await.clone()
}

async fn start() -> (App, Router) {
    let pool = Pool::builder("in_process").max(1).backend(InProcess::new());
    let app = App::new(pool.start().await.unwrap(), Store::new(provided().await));
    let service = router(app.clone());
    (app, service)
}

fn get(address: String) -> Request<Body> {
    Request::get(address).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn good_pictures_have_thumbnails_and_a_bad_one_says_why_not() {
    let (app, service) = start().await;
    let form = form("/pictures", &["coffee.png", "truncated.jpg", "rocket.jpg"]);

    let answer = ask(&service, form).await;

    assert_eq!(answer.0, 200);
    let [coffee, truncated, rocket] = &pictures(&answer)[..] else {
        panic!("not three pictures: {answer:?}");
    };
    assert_eq!([coffee.state, rocket.state], [State::Done, State::Done]);
    assert_eq!(truncated.state, State::Refused);
    let reason = truncated.reason.as_deref().unwrap();
    assert!(reason.starts_with("damaged picture: "), "{reason}");

    let (status, thumbnail) =
        ask(&service, get(format!("/pictures/{}/thumbnail", rocket.id))).await;
    assert_eq!(status, 200);
    assert!(thumbnail.starts_with(b"\xff\xd8"), "it is no JPEG");
    let (status, _) = ask(
        &service,
        get(format!("/pictures/{}/thumbnail", truncated.id)),
    )
    .await;
    assert_eq!(status, 404);
    app.shutdown().await;
}

#[tokio::test]
async fn detached_pictures_are_answered_at_once_and_done_later() {
    let (app, service) = start().await;

    let answer = ask(&service, form("/pictures?detached", &["cell.png"])).await;

    assert_eq!(answer.0, 202);
    let [cell] = &pictures(&answer)[..] else {
        panic!("not one picture: {answer:?}");
    };
    let store = Store::new(provided().await);
    let cell = once_ended(&store, cell.id).await;
    assert_eq!((cell.state, cell.attempt), (State::Done, Some(1)));
    app.shutdown().await;
}

#[tokio::test]
async fn a_form_without_pictures_is_refused() {
    let (app, service) = start().await;
    let (status, body) = ask(&service, form("/pictures", &[])).await;
    assert_eq!(
        (status, &body[..]),
        (400, &b"there is no picture in the form\n"[..])
    );
    app.shutdown().await;
}
