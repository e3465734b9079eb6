use flame_fly_emulator::{Emulator, EmulatorConfig, Program};
use serde_json::{Value, json};

use crate::Client;

pub(crate) const APP: &str = "my-app";
pub(crate) const TOKEN: &str = "FlyV1 fm2_canary,fm2_discharge";
pub(crate) const IMAGE: &str = "registry.example/app:1";

/// An emulator, and somebody who may use it.
pub(crate) struct Stage {
    pub(crate) emulator: Emulator,
    pub(crate) client: Client,
}

impl Stage {
    /// Machines only pretend to run.
    pub(crate) async fn new() -> Self {
        Self::with(|config| config).await
    }

    pub(crate) async fn with(change: impl FnOnce(EmulatorConfig) -> EmulatorConfig) -> Self {
        let config = EmulatorConfig::new(APP)
            .token(TOKEN)
            .image(IMAGE, Program::Pretended);
        let emulator = Emulator::start(change(config)).await.unwrap();
        let client = Client::new(&emulator.base_url(), TOKEN);
        Self { emulator, client }
    }

    /// Creates a machine, and returns its id.
    pub(crate) async fn create(&self, body: Value) -> String {
        let answer = self.client.post(&machines(""), &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body()["id"].as_str().unwrap().to_owned()
    }

    /// Waits until a machine is in that state.
    pub(crate) async fn until_it_is(&self, id: &str, state: &str) {
        let is_so = |emulator: &Emulator| {
            let machine = emulator.machine(id)?;
            (machine.state.name() == state).then_some(())
        };
        self.emulator.until(is_so).await;
    }
}

/// The path of the machines, and what is below.
pub(crate) fn machines(below: &str) -> String {
    format!("/apps/{APP}/machines{below}")
}

/// A machine that is destroyed when its program has ended.
pub(crate) fn once(name: &str) -> Value {
    json!({"name": name, "config": {
        "image": IMAGE, "auto_destroy": true, "restart": {"policy": "no"},
    }})
}
