use flame_fly_emulator::{Exchange, Route};
use serde_json::json;

use crate::stage::{machines, once};
use crate::{Stage, TOKEN};

#[tokio::test]
async fn a_journal_has_all_but_the_token() {
    let stage = Stage::new().await;
    let id = stage.create(once("runner-1")).await;
    stage
        .client
        .get(&machines(&format!("/{id}/wait?state=started&timeout=5")))
        .await;
    let journal = stage.emulator.journal();
    let [created, waited] = journal.as_slice() else {
        panic!("{journal:?}");
    };
    assert_eq!((created.route, created.status), (Route::Create, Some(200)));
    assert_eq!(created.body, Some(once("runner-1")));
    assert_eq!(created.answer.as_ref().unwrap()["id"], *id);
    assert_eq!(
        created.headers["authorization"],
        Exchange::authorization(TOKEN)
    );
    assert_eq!(waited.machine.as_deref(), Some(id.as_str()));
    assert_eq!(
        (waited.asked("timeout"), waited.asked("version")),
        (Some("5"), None)
    );
    assert!(waited.at >= created.at);
    assert_eq!(
        waited.to_json()["query"],
        json!([["state", "started"], ["timeout", "5"]])
    );
}
