use flame_fly_emulator::{Emulator, EmulatorConfig, Strictness};
use serde_json::json;

use crate::stage::{APP, machines, once};
use crate::{Client, Stage, TOKEN};

#[tokio::test]
async fn nobody_does_anything_without_a_good_token() {
    let stage = Stage::new().await;
    let refused = (
        401,
        json!({"error": "Authenticate: token validation error"}),
    );
    for token in ["", "Bearer", "FlyV1 fm2_other"] {
        let stranger = Client::new(&stage.emulator.base_url(), token);
        assert_eq!(
            stranger.get(&machines("")).await.parts(),
            refused,
            "{token:?}"
        );
    }
    for token in [
        "fm2_canary,fm2_discharge",
        "Bearer FlyV1 fm2_canary,fm2_discharge",
    ] {
        let known = Client::new(&stage.emulator.base_url(), token);
        assert_eq!(known.get(&machines("")).await.status, 200, "{token:?}");
    }
    stage.emulator.revoke(TOKEN);
    assert_eq!(stage.client.get(&machines("")).await.parts(), refused);
    let all = format!("{:?}", stage.emulator.journal());
    assert!(!all.contains("fm2_canary"), "{all}");
}

#[tokio::test]
async fn a_token_of_one_app_opens_no_other() {
    let config = EmulatorConfig::new(APP)
        .token(TOKEN)
        .app("other")
        .user_token("oauth_user");
    let emulator = Emulator::start(config).await.unwrap();
    let deployer = Client::new(&emulator.base_url(), TOKEN);
    let refused = (403, json!({"error": "unauthorized"}));
    for path in [
        "/apps/other/machines",
        "/apps/other",
        "/orgs/personal/machines",
    ] {
        assert_eq!(deployer.get(path).await.parts(), refused, "{path}");
    }
    let user = Client::new(&emulator.base_url(), "oauth_user");
    assert_eq!(user.get("/apps/other/machines").await.status, 200);
    assert_eq!(user.get("/apps/unheard-of/machines").await.status, 404);
    assert_eq!(user.get("/orgs/personal/machines").await.status, 200);
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_refused_as_go_does() {
    let stage = Stage::new().await;
    let client = &stage.client;
    let id = stage.create(once("runner-1")).await;
    let create = |body: &'static str| client.send("POST", "/apps/my-app/machines", body);
    let empty = create("").await.unwrap();
    assert_eq!(empty.parts(), (400, json!({"error": "EOF"})));
    assert_eq!(create("{").await.unwrap().status, 400);
    let wrong = create(r#"{"config": {"env": {"PORT": 80}}}"#)
        .await
        .unwrap();
    let expected = "json: cannot unmarshal number into Go struct field \
                    CreateMachineRequest.config.env.PORT of type string";
    assert_eq!(wrong.parts(), (400, json!({"error": expected})));
    let stop = client
        .post(&machines(&format!("/{id}/stop")), &json!([]))
        .await;
    let expected = "json: cannot unmarshal array into Go value of type main.stopRequest";
    assert_eq!(stop.parts(), (400, json!({"error": expected})));
    let no_image = client.post(&machines(""), &json!({"config": {}})).await;
    assert_eq!(no_image.status, 400);
    assert_eq!(stage.emulator.machines().len(), 1);
}

#[tokio::test]
async fn unknown_fields_are_ignored_and_written_down_or_refused() {
    let mut body = once("runner-1");
    body["config"]["auto_destruct"] = true.into();
    let lenient = Stage::new().await;
    let answer = lenient.client.post(&machines("?dry=1"), &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let found = lenient.emulator.violations().join("\n");
    assert!(
        found.contains("unknown field CreateMachineRequest.config.auto_destruct"),
        "{found}"
    );
    assert!(found.contains("unknown in the query: dry"), "{found}");

    let strict = Stage::with(|config| config.strictness(Strictness::Reject)).await;
    let answer = strict.client.post(&machines(""), &body).await;
    assert_eq!(answer.status, 400, "{}", answer.text);
    assert!(strict.emulator.machines().is_empty());
    strict.create(once("runner-1")).await;
}

#[tokio::test]
async fn what_is_not_modeled_says_so_and_invents_nothing() {
    let stage = Stage::new().await;
    let id = stage.create(once("runner-1")).await;
    let refused = (501, json!({"error": "emulator: not modeled"}));
    let client = &stage.client;
    for below in ["/suspend", "/restart", "/exec", "/cordon", "/signal"] {
        let path = machines(&format!("/{id}{below}"));
        assert_eq!(
            client.send("POST", &path, "").await.unwrap().parts(),
            refused,
            "{below}"
        );
    }
    assert_eq!(client.get("/apps/my-app/secrets").await.parts(), refused);
    let from = client
        .get(&machines(&format!("/{id}/wait?from_event_id=1")))
        .await;
    assert_eq!(from.parts(), refused);
    assert_eq!(stage.emulator.violations().len(), 7);

    let nowhere = client.get(&machines(&format!("/{id}/nowhere"))).await;
    assert_eq!(
        (nowhere.status, nowhere.text.as_str()),
        (404, "404 page not found")
    );
}

#[tokio::test]
async fn a_machine_that_never_was_is_not_found() {
    let stage = Stage::new().await;
    let missing = (404, json!({"error": "not_found: machine not found"}));
    for below in ["", "/wait", "/events", "/metadata", "/lease"] {
        let path = machines(&format!("/00000000000000{below}"));
        assert_eq!(stage.client.get(&path).await.parts(), missing, "{below}");
    }
    let deleted = stage
        .client
        .delete(&machines("/00000000000000?force=true"))
        .await;
    assert_eq!(deleted.parts(), missing);
}
