use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use flame::{
    BootError, BootRequest, ExitKind, ExitReport, Instance, InstanceName, OutputSink, OutputStream,
    PARENT_VARIABLE,
};
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::process::Command;
use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use crate::greeting::{GreetingError, HELLO, greeted};
use crate::host::{Host, quoted};
use crate::output::forward;

/// The exit code of `ssh` when the session broke. A runner's own may be the same.
const SSH_FAILED: i32 = 255;
/// How long to wait when a host could not be asked whether an instance has ended.
const ASKED_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// One instance: an SSH session, at whose other end a shell starts the runner.
#[derive(Debug)]
pub(crate) struct Session {
    host: Host,
    name: InstanceName,
    state: watch::Sender<State>,
    is_unwanted: Notify,
}

#[derive(Clone, Debug, Default)]
struct State {
    /// The shell's process id on its host, once it is there.
    pid: Option<u32>,
    end: Option<ExitReport>,
}

impl Session {
    /// Begins it in a task of its own, so that it goes on when nobody waits.
    pub(crate) fn begin(
        host: Host,
        request: &BootRequest,
        command: &str,
    ) -> anyhow::Result<Arc<Self>> {
        let (script, output) = (script(request, command)?, request.output.clone());
        let shell = host.shell_for(request);
        let session = Arc::new(Self {
            host,
            name: request.name.clone(),
            state: watch::Sender::default(),
            is_unwanted: Notify::new(),
        });
        tokio::spawn(session.clone().keep(shell, script, output));
        Ok(session)
    }

    /// Resolves when the shell has been told what to start, or never will be.
    pub(crate) async fn begun(&self) -> Result<Instance, BootError> {
        let state = self.wait_until(|state| state.pid.is_some()).await;
        match state.pid {
            Some(pid) => Ok(Instance {
                provider_id: format!("pid {pid} on {}", self.host),
            }),
            None => Err(BootError::Unavailable {
                source: state.end.unwrap_or_default().to_string().into(),
            }),
        }
    }

    /// Resolves when the instance has ended.
    pub(crate) async fn ended(&self) -> ExitReport {
        self.wait_until(|_| false).await.end.unwrap_or_default()
    }

    /// Ends the instance for good.
    pub(crate) async fn end(&self) -> std::io::Result<()> {
        self.is_unwanted.notify_one();
        // A shell that has not been told what to start never will be now. One that has can be found.
        self.ended().await;
        self.host.end(&self.name).await
    }

    async fn wait_until(&self, is_so: impl Fn(&State) -> bool) -> State {
        let mut states = self.state.subscribe();
        let state = states.wait_for(|state| state.end.is_some() || is_so(state));
        state.await.map(|state| state.clone()).unwrap_or_default()
    }

    async fn keep(self: Arc<Self>, shell: Command, script: String, output: OutputSink) {
        let end = tokio::select! {
            end = self.run(shell, script, output) => end,
            () = self.is_unwanted.notified() => Err(anyhow::anyhow!("it was destroyed")),
        };
        let end = end.unwrap_or_else(|error| ExitReport {
            how: ExitKind::Unknown,
            stderr_tail: vec![format!("{error:#}")],
        });
        self.state.send_modify(|state| state.end = Some(end));
    }

    async fn run(
        &self,
        mut shell: Command,
        script: String,
        output: OutputSink,
    ) -> anyhow::Result<ExitReport> {
        let mut ssh = shell.spawn().context("cannot start ssh")?;
        let pipes = (ssh.stdin.take(), ssh.stdout.take(), ssh.stderr.take());
        let (Some(mut stdin), Some(stdout), Some(stderr)) = pipes else {
            bail!("ssh has no pipes");
        };
        let mut stdout = BufReader::new(stdout);
        // Nothing but a shell that is there can be told what to start. So none can start it later than that, when
        // everybody believes that there is none.
        stdin
            .write_all(format!("echo '{HELLO}'$$\n").as_bytes())
            .await?;
        let pid = match greeted(&mut stdout).await {
            Ok(pid) => pid,
            Err(error @ GreetingError::Ended) => {
                let said = forward(stderr, OutputStream::Stderr, &output).await;
                bail!("{error}: {}", said.join(" | "));
            }
            Err(error) => return Err(error.into()),
        };
        stdin.write_all(script.as_bytes()).await?;
        drop(stdin);
        self.state.send_modify(|state| state.pid = Some(pid));

        let (_, stderr_tail, status) = tokio::join!(
            forward(stdout, OutputStream::Stdout, &output),
            forward(stderr, OutputStream::Stderr, &output),
            ssh.wait(),
        );
        let how = match status?.code() {
            Some(SSH_FAILED) | None => {
                // The runner may go on without its session, and the host may be out of reach for as long.
                while self.host.wait_for_end(&self.name).await.is_err() {
                    sleep(ASKED_AGAIN_AFTER).await;
                }
                ExitKind::Unknown
            }
            // So shells tell of signals.
            Some(code @ 129..) => ExitKind::Signal(code - 128),
            Some(code) => ExitKind::Code(code),
        };
        Ok(ExitReport { how, stderr_tail })
    }
}

/// What the shell is to do. It begins when all of it is there, and when it ends, nothing of it is left.
fn script(request: &BootRequest, command: &str) -> anyhow::Result<String> {
    let parent = (
        PARENT_VARIABLE.to_owned(),
        request.parent.expose().to_owned(),
    );
    let mut script = "{\n".to_owned();
    for (key, value) in request.env.clone().into_iter().chain([parent]) {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        ensure!(
            !key.is_empty() && key.chars().all(is_name) && !value.contains('\0'),
            "a shell cannot set the variable {key:?}"
        );
        script += &format!("export {key}={}\n", quoted(&value));
    }
    script += &format!(
        "exec </dev/null\n{command}\ncode=$?\ntrap '' TERM\nkill -s TERM 0\nexit $code\n}}\n"
    );
    Ok(script)
}
