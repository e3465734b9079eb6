//! The emulator as a program of its own.

use std::fs;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::booting::{gone, until};
use crate::stage::machines;
use crate::{Client, IMAGE, TOKEN};

/// Starts it, and reads where it answers.
async fn start(more: &[&str]) -> (Child, Client) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_flame-fly-emulator"))
        .args([
            "--listen",
            "127.0.0.1:0",
            "--app",
            "my-app",
            "--token",
            TOKEN,
        ])
        .args(["--image", &format!("{IMAGE}=/bin/cat")])
        .args(more)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = lines.next_line().await.unwrap().unwrap();
    (child, Client::new(&url, TOKEN))
}

fn sleeper() -> Value {
    json!({"config": {"image": IMAGE, "init": {"exec": ["/bin/sh", "-c", "echo $$ > $PIDFILE; exec sleep 600"]}}})
}

#[tokio::test]
async fn it_says_where_it_is_and_keeps_a_journal() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal");
    let journal_text = journal.to_str().unwrap();
    let more = [
        "--journal",
        journal_text,
        "--fault",
        "rate_storm:1",
        "--rate-limits",
        "on",
    ];
    let (_child, client) = start(&more).await;
    let body =
        json!({"config": {"image": IMAGE, "auto_destroy": true, "restart": {"policy": "no"}}});
    assert_eq!(client.post(&machines(""), &body).await.status, 429);
    let created = client.post(&machines(""), &body).await.body();
    let id = created["id"].as_str().unwrap();
    // Its program reads from nothing, and so it ends.
    client
        .get(&machines(&format!("/{id}/wait?state=destroyed")))
        .await;
    let lines = fs::read_to_string(&journal).unwrap();
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let statuses: Vec<&Value> = lines
        .iter()
        .map(|line| &line["exchange"]["status"])
        .collect();
    assert!(
        statuses.contains(&&json!(429)) && statuses.contains(&&json!(200)),
        "{lines:?}"
    );
    let states: Vec<&Value> = lines.iter().map(|line| &line["machine"]["state"]).collect();
    assert!(states.contains(&&json!("started")), "{lines:?}");
}

#[tokio::test]
async fn machines_do_not_outlive_an_emulator_that_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, client) = start(&[]).await;
    let pidfile = folder.path().join("pid");
    let mut body = sleeper();
    body["config"]["env"] = json!({"PIDFILE": pidfile});
    let created = client.post(&machines(""), &body).await.body();
    let id = created["id"].as_str().unwrap();
    client
        .get(&machines(&format!("/{id}/wait?state=started")))
        .await;
    let written = || fs::read_to_string(&pidfile).unwrap_or_default();
    until(|| written().ends_with('\n')).await;
    let pid = written().trim().to_owned();
    child.kill().await.unwrap();
    gone(&pid).await;
}
