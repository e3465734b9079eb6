//! The sweep: it ends what has no parent any more, and nothing else.

use std::process::Command;
use std::time::Duration;

use flame_core::backend::Backend;
use flame_fly::{FlyBackend, FlyConfig};
use flame_fly_emulator::{Emulator, Fault, Route, State};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::stage::{APP, IMAGE, MACHINE, Stage, config_for, request};

const PATIENCE: Duration = Duration::from_secs(20);

/// A backend that sweeps once a second.
fn sweeper(emulator: &Emulator) -> FlyBackend {
    FlyBackend::new(FlyConfig {
        reap_every: Duration::from_secs(1),
        ..config_for(emulator)
    })
    .unwrap()
}

/// Sweeps until that is true.
async fn sweep_until(emulator: &Emulator, is_true: impl Fn(&Emulator) -> bool) {
    let backend = sweeper(emulator);
    let enough = emulator.until(|emulator| is_true(emulator).then_some(()));
    tokio::select! {
        () = backend.tend() => {}
        enough = timeout(PATIENCE, enough) => enough.unwrap(),
    }
}

/// Sweeps this often, and once more so that the last of them has come to its end.
async fn sweep_times(emulator: &Emulator, sweeps: usize) {
    let before = lists(emulator);
    sweep_until(emulator, |emulator| lists(emulator) > before + sweeps).await;
}

fn lists(emulator: &Emulator) -> usize {
    let journal = emulator.journal().into_iter();
    journal
        .filter(|exchange| exchange.route == Route::List)
        .count()
}

/// A machine as another process would have made it, by a plain client.
async fn machine(emulator: &Emulator, name: &str, metadata: Value) -> String {
    let body = json!({
        "name": name,
        "region": "iad",
        "config": {"image": IMAGE, "guest": {"cpu_kind": "shared", "cpus": 1, "memory_mb": 256}, "metadata": metadata}
    });
    let url = format!("{}/v1/apps/{APP}/machines", emulator.base_url());
    let body = body.to_string();
    let answered = tokio::task::spawn_blocking(move || {
        let auth = format!("Authorization: FlyV1 {}", crate::stage::TOKEN);
        let mut curl = Command::new("curl");
        curl.args(["-sf", "-X", "POST", "-H", &auth, "-d", &body, &url]);
        curl.output().unwrap().stdout
    });
    let vm: Value = serde_json::from_slice(&answered.await.unwrap()).unwrap();
    vm["id"].as_str().unwrap().to_owned()
}

/// What a runner of another parent carries.
fn runner_of(parent: &str, process: &str) -> Value {
    json!({
        "flame": "1", "flame_boot": "n", "flame_pool": "p", "flame_labels": "flame_pool",
        "flame_parent_boot": "another life", "flame_parent_app": APP, "flame_parent_machine": parent,
        "flame_parent_process": process
    })
}

fn is_live(emulator: &Emulator, id: &str) -> bool {
    emulator
        .machine(id)
        .is_some_and(|vm| vm.state != State::Destroyed)
}

// C30
#[tokio::test]
async fn what_an_earlier_process_of_this_machine_left_behind_is_ended_at_once() {
    let stage = Stage::new().await;
    let left = machine(&stage.emulator, "left", runner_of(MACHINE, "00000000.1.1")).await;
    let stranger = machine(&stage.emulator, "stranger", json!({"team": "blue"})).await;
    sweep_until(&stage.emulator, |emulator| !is_live(emulator, &left)).await;
    // In the first sweep.
    assert_eq!(lists(&stage.emulator), 1);
    assert!(is_live(&stage.emulator, &stranger));
}

#[tokio::test]
async fn a_process_beside_this_one_keeps_its_runners() {
    let stage = Stage::new().await;
    let own = stage.backend.create(&request()).await.unwrap().provider_id;
    let process = stage.emulator.machine(&own).unwrap();
    let process = process.metadata("flame_parent_process").unwrap().to_owned();
    // It lives, under another name of its life.
    let beside = machine(&stage.emulator, "beside", runner_of(MACHINE, &process)).await;
    let untold = machine(&stage.emulator, "untold", runner_of(MACHINE, "")).await;
    sweep_times(&stage.emulator, 3).await;
    assert!(is_live(&stage.emulator, &beside) && is_live(&stage.emulator, &untold));
    assert!(is_live(&stage.emulator, &own));
}

// C31
#[tokio::test]
async fn runners_of_a_parent_that_is_gone_are_ended_when_they_are_seen_again() {
    let stage = Stage::new().await;
    let parent = machine(&stage.emulator, "parent", json!({})).await;
    let runner = machine(&stage.emulator, "runner", runner_of(&parent, "k.1.1")).await;
    let nowhere = machine(&stage.emulator, "nowhere", runner_of("0000000000", "k.1.1")).await;
    sweep_times(&stage.emulator, 3).await;
    assert!(is_live(&stage.emulator, &runner) && !is_live(&stage.emulator, &nowhere));

    stage.emulator.destroy(&parent);
    let before = lists(&stage.emulator);
    sweep_until(&stage.emulator, |emulator| !is_live(emulator, &runner)).await;
    assert!(
        lists(&stage.emulator) >= before + 2,
        "it was ended at the first sight"
    );
}

// C31
#[tokio::test]
async fn nothing_is_ended_on_no_news() {
    let stage = Stage::new().await;
    let parent = machine(&stage.emulator, "parent", json!({})).await;
    let runner = machine(&stage.emulator, "runner", runner_of(&parent, "k.1.1")).await;
    // Its host does not answer, so Fly does not know what it does.
    stage.emulator.set_reachable(&parent, false);
    sweep_times(&stage.emulator, 3).await;
    // It is not ours to see.
    stage.emulator.set_reachable(&parent, true);
    stage.emulator.inject(
        Fault::answer(403, json!({"error": "unauthorized"}))
            .on(Route::Get)
            .always(),
    );
    sweep_times(&stage.emulator, 3).await;
    // There is no list.
    stage.emulator.destroy(&parent);
    stage
        .emulator
        .inject(Fault::empty(500).on(Route::List).always());
    sweep_times(&stage.emulator, 3).await;
    assert!(is_live(&stage.emulator, &runner));
    assert!(stage.requests(Route::Destroy).is_empty());
}

#[tokio::test]
async fn runners_of_this_process_are_left_to_their_pools() {
    let stage = Stage::new().await;
    let wanted = request();
    stage.create(&wanted).await.unwrap();
    sweep_times(&stage.emulator, 3).await;
    assert!(stage.requests(Route::Destroy).is_empty());
    stage.backend.destroy(&wanted.name).await.unwrap();
    stage.ends_clean();
}
