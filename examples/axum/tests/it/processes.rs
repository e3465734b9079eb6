//! The whole service with real runners: second copies of this test binary, which `test_runner!` lets be runners.

use std::process::Command;

use axum_thumbnails::{App, State, Store, database, router};
use flame::{ChildProcess, Pool};
use tempfile::tempdir;

use crate::{ask, form, pictures};

#[tokio::test]
async fn another_process_makes_the_thumbnail_and_stores_it() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("it.sqlite");
    let db = database::open(&file, 20).await.unwrap();
    database::migrate(&db).await.unwrap();
    let pool = Pool::builder("processes")
        .max(1)
        .backend(ChildProcess::new().env("DATABASE", &file));
    let app = App::new(pool.start().await.unwrap(), Store::new(db.clone()));

    let answer = ask(&router(app.clone()), form("/pictures", &["chelsea.png"])).await;

    let [chelsea] = &pictures(&answer)[..] else {
        panic!("not one picture: {answer:?}");
    };
    assert_eq!(chelsea.state, State::Done, "{chelsea:?}");
    assert_ne!(chelsea.process, Some(std::process::id()));
    app.shutdown().await;
    db.close().await;
}

#[test]
fn the_program_says_what_is_wrong_with_its_port() {
    let output = Command::new(env!("CARGO_BIN_EXE_axum-thumbnails"))
        .env("PORT", "http")
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("PORT=http"), "{said}");
}
