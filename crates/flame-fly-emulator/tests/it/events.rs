use flame_fly_emulator::BootScript;
use serde_json::{Value, json};

use crate::Stage;
use crate::stage::{machines, once};

async fn events(stage: &Stage, id: &str, query: &str) -> Vec<Value> {
    let path = machines(&format!("/{id}/events{query}"));
    let answer = stage.client.get(&path).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body().as_array().unwrap().clone()
}

fn kinds(events: &[Value]) -> Vec<String> {
    let kind = |event: &Value| {
        let part = |name: &str| event[name].as_str().unwrap().to_owned();
        format!("{}/{}/{}", part("type"), part("status"), part("source"))
    };
    events.iter().map(kind).collect()
}

#[tokio::test(start_paused = true)]
async fn a_life_is_told_from_its_end() {
    let stage = Stage::new().await;
    let id = stage.create(once("runner-1")).await;
    stage.until_it_is(&id, "started").await;
    let path = machines(&format!("/{id}/stop"));
    let stop = json!({"signal": "SIGTERM", "timeout": "10s"});
    assert_eq!(stage.client.post(&path, &stop).await.status, 200);
    stage.until_it_is(&id, "destroyed").await;
    let all = events(&stage, &id, "").await;
    assert_eq!(
        kinds(&all),
        [
            "destroy/destroyed/flyd",
            "destroy/destroying/flyd",
            "exit/stopped/flyd",
            "stop/stopping/user",
            "start/started/flyd",
            "launch/created/user",
            "launch/pending/flyd",
        ]
    );
    assert_eq!(all[0].get("request"), Some(&Value::Null));
    assert_eq!(all[3]["request"], json!({"reason": ""}));
    let exit = &all[2]["request"]["exit_event"];
    assert_eq!(exit["requested_stop"], true);
    assert_eq!(exit["exit_code"], 0);
    assert_eq!(exit["signal"], -1);
    assert_eq!(exit["oom_killed"], false);
    assert_eq!(all[2]["request"]["restart_count"], 0);
    let ids: Vec<&str> = all
        .iter()
        .map(|event| event["id"].as_str().unwrap())
        .collect();
    assert!(ids.iter().all(|id| id.len() == 26), "{ids:?}");
    assert_eq!(stage.emulator.violations(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn only_the_newest_are_told() {
    let stage = Stage::new().await;
    stage.emulator.set_boot(BootScript::flood(60));
    let id = stage.create(once("runner-1")).await;
    stage.until_it_is(&id, "started").await;
    assert_eq!(events(&stage, &id, "").await.len(), 20);
    assert_eq!(events(&stage, &id, "?limit=3").await.len(), 3);
    assert_eq!(events(&stage, &id, "?limit=500").await.len(), 50);
    let got = stage.client.get(&machines(&format!("/{id}"))).await.body();
    assert_eq!(got["events"].as_array().map(Vec::len), Some(20));
    let launches = |all: &[Value]| kinds(all).iter().any(|kind| kind.starts_with("launch"));
    assert!(!launches(&events(&stage, &id, "?limit=50").await));
}

#[tokio::test(start_paused = true)]
async fn what_wanted_too_much_memory_says_so() {
    let stage = Stage::new().await;
    stage.emulator.set_boot(BootScript::out_of_memory());
    let id = stage.create(once("runner-1")).await;
    stage.until_it_is(&id, "destroyed").await;
    let all = events(&stage, &id, "").await;
    let exit = all.iter().find(|event| event["type"] == "exit").unwrap();
    let exit = &exit["request"]["exit_event"];
    assert_eq!(exit["oom_killed"], true);
    assert_eq!(exit["requested_stop"], false);
    assert_eq!(exit["exit_code"], 137);
}
