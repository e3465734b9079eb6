//! What an account on Fly would show: a short life of one machine, answer by answer.
//!
//! Against the emulator it runs with every `cargo test`. Against Fly it runs when somebody asks for it, who has
//! an account: it creates a machine of the smallest size in the app that `FLY_APP_NAME` names, and leaves none.
//!
//! ```sh
//! FLAME_FLY_LIVE=1 FLY_API_TOKEN=... FLY_APP_NAME=my-empty-app cargo test -p flame-fly --test it live -- --ignored --nocapture
//! ```

use std::io::Write as _;
use std::process::{Command, Stdio};

use flame_fly_emulator::{EmulatorConfig, Program};
use serde_json::{Value, json};

use crate::stage::{APP, IMAGE, Stage, TOKEN};

/// Whom to ask, and for what.
struct Place {
    url: String,
    token: String,
    app: String,
    image: String,
    /// Tells the machines of this run from all others.
    run: String,
}

impl Place {
    /// The status and the body of an answer, which is printed as it came.
    #[expect(
        clippy::print_stdout,
        reason = "whoever has an account shall see the answers"
    )]
    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let url = format!("{}/v1/apps/{}/machines{path}", self.url, self.app);
        let scheme = if self.token.starts_with("fm") {
            "FlyV1"
        } else {
            "Bearer"
        };
        let auth = format!("Authorization: {scheme} {}", self.token);
        let mut curl = Command::new("curl");
        curl.args(["-sS", "-g", "-m", "75", "-w", "\\n%{http_code}"]);
        // Headers come from the standard input: arguments can be seen by everybody on this host.
        curl.args(["-X", method, "-H", "@-", &url]);
        curl.args(
            body.iter()
                .flat_map(|body| ["-d".to_owned(), body.to_string()]),
        );
        curl.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut curl = curl.stderr(Stdio::piped()).spawn().unwrap();
        let headers = format!("{auth}\nContent-Type: application/json\n");
        let mut stdin = curl.stdin.take().unwrap();
        stdin.write_all(headers.as_bytes()).unwrap();
        drop(stdin);
        let output = curl.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let (answer, status) = text.rsplit_once('\n').unwrap();
        let failed = String::from_utf8_lossy(&output.stderr);
        println!("{method} {path}\n{status} {answer}{failed}\n");
        let answer = serde_json::from_str(answer).unwrap_or(Value::Null);
        (status.parse().unwrap(), answer)
    }

    fn mine(&self) -> Vec<Value> {
        let (status, list) = self.ask("GET", &format!("?metadata.flame_smoke={}", self.run), None);
        assert_eq!(status, 200);
        list.as_array().cloned().unwrap_or_default()
    }

    /// The life of one machine.
    fn smoke(&self) {
        let name = format!("flame-smoke-{}", self.run);
        let body = json!({
            "name": name, "region": "any",
            "config": {
                "image": self.image, "auto_destroy": true, "restart": {"policy": "no"},
                "guest": {"cpu_kind": "shared", "cpus": 1, "memory_mb": 256},
                "metadata": {"flame_smoke": self.run, "odd": "a:b c%"}
            }
        });
        let (status, made) = self.ask("POST", "", Some(&body));
        assert_eq!(status, 200, "{made}");
        let id = made["id"].as_str().unwrap();
        assert!(made["private_ip"].is_string(), "{made}");
        let (status, again) = self.ask("POST", "", Some(&body));
        let words = again["error"].as_str().unwrap_or_default();
        assert_eq!(status, 409, "{again}");
        assert!(
            words.contains("already_exists") && words.contains(id),
            "{again}"
        );

        let wait = |state: &str, timeout: u32| {
            self.ask(
                "GET",
                &format!("/{id}/wait?state={state}&timeout={timeout}"),
                None,
            )
        };
        assert_eq!(wait("started", 60).0, 200);
        assert_eq!(wait("destroyed", 1).0, 408);
        let listed = self.mine();
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0]["config"]["metadata"]["odd"], "a:b c%");
        let (status, events) = self.ask("GET", &format!("/{id}/events"), None);
        assert_eq!((status, &events[0]["type"]), (200, &json!("start")));

        assert_eq!(self.ask("DELETE", &format!("/{id}"), None).0, 412);
        assert_eq!(
            self.ask("DELETE", &format!("/{id}?force=true"), None).0,
            200
        );
        assert_eq!(wait("destroyed", 60).0, 200);
        let (status, gone) = self.ask("GET", &format!("/{id}"), None);
        assert_eq!(status, 200);
        assert!(
            gone["state"] == "destroyed" || gone["state"] == "destroying",
            "{gone}"
        );
        // Nobody has recorded what the second one says.
        self.ask("DELETE", &format!("/{id}?force=true"), None);
    }
}

impl Drop for Place {
    /// A run that fails half way leaves nothing that costs money either.
    fn drop(&mut self) {
        for vm in self.mine() {
            let id = vm["id"].as_str().unwrap_or_default();
            self.ask("DELETE", &format!("/{id}?force=true"), None);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_emulator_lives_the_life_that_is_asked_of_fly() {
    let stage = Stage::with(|config: EmulatorConfig| config.image(IMAGE, Program::Pretended)).await;
    let place = Place {
        url: stage.emulator.base_url(),
        token: TOKEN.to_owned(),
        app: APP.to_owned(),
        image: IMAGE.to_owned(),
        run: "emulated".to_owned(),
    };
    let smoked = tokio::task::spawn_blocking(move || {
        place.smoke();
        assert!(place.mine().is_empty());
    });
    smoked.await.unwrap();
    stage.ends_clean();
}

#[test]
#[ignore = "creates a machine on fly.io; the file says how to run it"]
fn fly_lives_the_life_that_the_emulator_does() {
    let told = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
    assert_eq!(told("FLAME_FLY_LIVE"), "1");
    let token = told("FLY_API_TOKEN");
    let place = Place {
        url: "https://api.machines.dev".to_owned(),
        token: token.trim().trim_start_matches("FlyV1 ").to_owned(),
        app: told("FLY_APP_NAME"),
        image: std::env::var("FLAME_FLY_LIVE_IMAGE")
            .unwrap_or_else(|_| "registry-1.docker.io/library/nginx:alpine".to_owned()),
        run: format!("{:x}", std::process::id()),
    };
    place.smoke();
    assert!(place.mine().is_empty(), "there is something left");
}
