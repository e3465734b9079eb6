//! Five ways to test an app with runners, the cheapest first.
#![allow(clippy::unwrap_used, reason = "a failing test should stop at once")]

mod here;
mod in_process;
mod leaving;
mod processes;
mod scripted;

use std::env;
use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum_thumbnails::{Picture, PictureId, State, Store, database};
use tokio::time::timeout;
use tower::ServiceExt;

// A runner of these tests starts as one of the service does: it opens the database that its parent names.
flame::test_runner!(async {
    let file = env::var_os("DATABASE").unwrap();
    flame::provide(database::open(Path::new(&file), 2).await.unwrap());
});

/// The bytes of a picture that ships with the other example.
fn picture(name: &str) -> Vec<u8> {
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../thumbnails/pictures");
    std::fs::read(pictures.join(name)).unwrap()
}

/// A form with these pictures, as a browser sends it.
fn form(address: &str, names: &[&str]) -> Request<Body> {
    let mut body = Vec::new();
    for name in names {
        let head = format!(
            "--limit\r\nContent-Disposition: form-data; name=\"p\"; filename=\"{name}\"\r\n\r\n"
        );
        body.extend([head.as_bytes(), &picture(name), b"\r\n"].concat());
    }
    body.extend(b"--limit--\r\n");
    Request::post(address)
        .header("content-type", "multipart/form-data; boundary=limit")
        .body(Body::from(body))
        .unwrap()
}

/// What the service answers.
async fn ask(service: &Router, request: Request<Body>) -> (u16, Vec<u8>) {
    let answer = service.clone().oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (status, body.into())
}

/// The pictures in an answer.
fn pictures((_, body): &(u16, Vec<u8>)) -> Vec<Picture> {
    serde_json::from_slice(body).unwrap()
}

/// A picture, once it does not wait any more.
async fn once_ended(store: &Store, id: PictureId) -> Picture {
    let look = async {
        loop {
            let picture = store.picture(id).await.unwrap().unwrap();
            if picture.state != State::Waiting {
                return picture;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(30), look).await.unwrap()
}
