use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::e2e::program::Program;
use crate::run;

/// The names under which it is installed, in this order.
const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome"];
/// How long the page may take until something is seen on it.
const SOON: Duration = Duration::from_secs(45);
/// How much longer the browser may take to say so.
const ANSWERS_WITHIN: Duration = Duration::from_secs(75);

/// A browser without a window, that shows one page. It is driven by its own protocol, over two pipes: the line between
/// messages is a zero byte.
pub(super) struct Browser {
    commands: File,
    messages: Receiver<Value>,
    session: Option<String>,
    last: u64,
    // Dropped last: the pipes are in the folder, and the program ends all of its processes.
    _program: Program,
    _folder: TempDir,
}

impl Browser {
    /// The browser that is installed.
    pub(super) fn installed() -> Option<&'static str> {
        NAMES.iter().copied().find(|name| run::is_installed(name))
    }

    /// Starts it and opens a page.
    pub(super) fn open(name: &str, url: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let (to, from) = (folder.path().join("to"), folder.path().join("from"));
        run::quietly(Command::new("mkfifo").args([&to, &from]))?;
        let mut command = Command::new("sh");
        // Its third descriptor is what it reads, its fourth what it writes.
        command
            .args([
                "-c",
                "to=$1 from=$2; shift 2; exec \"$@\" 3<\"$to\" 4>\"$from\"",
                "sh",
            ])
            .args([&to, &from])
            .arg(name)
            .args(["--headless", "--remote-debugging-pipe", "--no-first-run"])
            // Whoever runs this may be root, or in a container with little shared memory.
            .args(["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
            .arg(format!("--user-data-dir={}", folder.path().display()));
        let program = Program::start(command)?;
        let commands = File::options().write(true).open(&to)?;
        let mut browser = Self {
            commands,
            messages: listen(File::open(&from)?),
            session: None,
            last: 0,
            _program: program,
            _folder: folder,
        };
        let target = browser.call("Target.createTarget", &json!({"url": "about:blank"}))?;
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let attached = browser.call("Target.attachToTarget", &attach)?;
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        // Answered when the old document has made way for the new one, so that nothing is asked of the old one.
        browser.call("Page.navigate", &json!({"url": url}))?;
        Ok(browser)
    }

    /// What an expression on the page comes to.
    pub(super) fn see(&mut self, expression: &str) -> anyhow::Result<Value> {
        let question =
            json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let seen = self.call("Runtime.evaluate", &question)?;
        if let Some(error) = seen.get("exceptionDetails") {
            bail!("`{expression}` failed on the page: {error}");
        }
        Ok(seen["result"]["value"].clone())
    }

    /// Waits until an expression on the page is true.
    pub(super) fn wait_until(&mut self, expression: &str) -> anyhow::Result<()> {
        let millis = SOON.as_millis();
        let seen = self.see(&format!(
            "new Promise((resolve) => {{
                const until = Date.now() + {millis};
                const look = () => {{
                    const seen = document.readyState === 'complete' && ({expression});
                    if (seen || Date.now() > until) resolve(Boolean(seen)); else setTimeout(look, 20);
                }};
                look();
            }})"
        ))?;
        if seen != json!(true) {
            let shown = self.see("document.body.innerText")?;
            bail!("`{expression}` did not become true; the page shows {shown}");
        }
        Ok(())
    }

    /// Chooses files, as a person does in the dialog that a browser without a window does not have.
    pub(super) fn choose(&mut self, input: &str, files: &[impl AsRef<Path>]) -> anyhow::Result<()> {
        let question = json!({"expression": format!("document.querySelector({input:?})")});
        let found = self.call("Runtime.evaluate", &question)?;
        let files: Vec<_> = files
            .iter()
            .map(|file| file.as_ref().to_string_lossy())
            .collect();
        let chosen = json!({"files": files, "objectId": found["result"]["objectId"]});
        self.call("DOM.setFileInputFiles", &chosen).map(drop)
    }

    fn call(&mut self, method: &str, parameters: &Value) -> anyhow::Result<Value> {
        self.last += 1;
        let mut message = json!({"id": self.last, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        write!(self.commands, "{message}\0")?;
        self.commands.flush()?;
        loop {
            let answer = self.messages.recv_timeout(ANSWERS_WITHIN);
            let mut answer = answer.with_context(|| format!("no answer to {method}"))?;
            // Between answers there are events, which nobody here asked for.
            if answer["id"] == json!(self.last) {
                ensure!(answer.get("error").is_none(), "{method}: {answer}");
                return Ok(answer["result"].take());
            }
        }
    }
}

/// Reads messages until the browser ends.
fn listen(from: File) -> Receiver<Value> {
    let (tell, told) = channel();
    thread::spawn(move || {
        for message in BufReader::new(from).split(0) {
            let Ok(message) = message else { return };
            let Ok(message) = serde_json::from_slice(&message) else {
                return;
            };
            if tell.send(message).is_err() {
                return;
            }
        }
    });
    told
}
