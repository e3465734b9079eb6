use serde_json::{Value, json};

use crate::stage::{machines, once};
use crate::{Client, Stage};

#[tokio::test]
async fn machines_go_to_the_first_region_with_room() {
    let stage = Stage::new().await;
    stage.emulator.set_capacity("iad", 1);
    stage.emulator.set_capacity("lhr", 0);
    let create = async |name: &str, region: &str| {
        let mut body = once(name);
        body["region"] = region.into();
        stage.client.post(&machines(""), &body).await.parts()
    };
    assert_eq!(create("one", "iad").await.1["region"], "iad");
    let full =
        json!({"error": "could not find a candidate host", "status": "insufficient_capacity"});
    assert_eq!(create("two", "iad").await, (422, full));
    assert_eq!(create("three", "iad,lhr,eu").await.1["region"], "ams");
    assert_eq!(create("four", "mars").await.0, 400);
    assert_eq!(stage.emulator.live().len(), 2);
    assert_eq!(stage.emulator.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn regions_and_placements_tell_of_the_room() {
    let stage = Stage::new().await;
    stage.emulator.set_capacity("iad", 2);
    let regions = stage.client.get("/platform/regions").await.body();
    let codes = regions["regions"].as_array().unwrap().iter();
    assert!(codes.map(|row| &row["code"]).any(|code| code == "iad"));
    let ask = json!({"org_slug": "personal", "region": "iad,lhr", "count": 3});
    let placed = stage.client.post("/platform/placements", &ask).await;
    let expected = json!({"regions": [
        {"region": "iad", "count": 2, "concurrency": 1},
        {"region": "lhr", "count": 1, "concurrency": 1},
    ]});
    assert_eq!(placed.parts(), (200, expected));
    assert!(stage.emulator.machines().is_empty());
    assert_eq!(stage.emulator.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_app_and_its_organization_know_their_machines() {
    let stage = Stage::with(|config| config.user_token("oauth_user").app("empty")).await;
    for name in ["one", "two", "three"] {
        stage.create(once(name)).await;
    }
    let app = stage.client.get("/apps/my-app").await.body();
    assert_eq!(
        (&app["name"], &app["machine_count"]),
        (&"my-app".into(), &3.into())
    );
    let user = Client::new(&stage.emulator.base_url(), "oauth_user");
    let mut names = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/orgs/personal/machines?limit=2&cursor={cursor}");
        let page = user.get(&path).await.body();
        let machines = page["machines"].as_array().unwrap().clone();
        assert!(machines.len() <= 2);
        names.extend(machines.iter().map(|machine| machine["name"].clone()));
        cursor = page["next_cursor"].as_str().unwrap().to_owned();
        if cursor.is_empty() {
            break;
        }
    }
    assert_eq!(names, ["one", "two", "three"].map(Value::from));
    assert_eq!(stage.emulator.violations(), Vec::<String>::new());
}
