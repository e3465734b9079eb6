use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use flame::ChildProcess;

use crate::processes::{eventually, is_alive};
use crate::tasks::{pool, process_id};

/// The folder in which a runner notes that it was asked, and finds out whether it may go.
const FOLDER: &str = "FLAME_TEST_IDLE_CHECK";

/// Does nothing unless this process is the runner of the test below.
#[tokio::test]
async fn is_a_runner_that_wants_to_be_asked() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let Some(runner) = flame::runner() else {
        return;
    };
    let may_go = move || {
        let mut asked = OpenOptions::new()
            .create(true)
            .append(true)
            .open(folder.join("asked"))
            .unwrap();
        asked.write_all(b"?").unwrap();
        folder.join("may go").exists()
    };
    runner.idle_check(may_go).serve().await.unwrap();
}

#[tokio::test]
async fn a_runner_stays_as_long_as_its_app_wants_it_to() {
    let folder = tempfile::tempdir().unwrap();
    let backend = ChildProcess::new()
        .args([
            "idle_check::is_a_runner_that_wants_to_be_asked",
            "--exact",
            "--nocapture",
        ])
        .env(FOLDER, folder.path());
    let pool = pool("asked")
        .idle_shutdown_after(Duration::from_millis(30))
        .backend(backend)
        .start()
        .await
        .unwrap();
    let runner = process_id().on(&pool).await.unwrap();
    let times_asked = || fs::read(folder.path().join("asked")).map_or(0, |asked| asked.len());
    eventually("it was asked again and again", || times_asked() >= 3).await;
    assert!(is_alive(runner));
    assert_eq!(process_id().on(&pool).await.unwrap(), runner);

    fs::write(folder.path().join("may go"), "").unwrap();
    eventually("it is gone", || !is_alive(runner)).await;
    pool.shutdown().await;
}
