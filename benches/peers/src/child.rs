use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use clap::ValueEnum as _;
use works::{Latencies, Plan, tell};

use crate::Peer;

/// A runner's process, which ends with this.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Process {
    /// Starts a runner that calls back there.
    pub(crate) fn start(peer: Peer, parent: &str) -> std::io::Result<Self> {
        let peer = peer.to_possible_value();
        let peer = peer.as_ref().map_or("", |it| it.get_name());
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["runner", peer, parent]);
        Ok(Self(command.spawn()?))
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Work D as nobody can beat it: from the start of a process to its first word.
pub(crate) fn cold(plan: &Plan) -> anyhow::Result<()> {
    let mut latencies = Latencies::default();
    for _ in 0..2 * plan.repeats {
        let start = Instant::now();
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command.arg("hello").stdout(Stdio::piped()).spawn()?;
        if let Some(output) = &mut child.stdout {
            output.read_exact(&mut [0])?;
        }
        latencies.add_since(start);
        child.wait()?;
    }
    tell("D/p50_ms", latencies.micros_at(0.5) / 1e3);
    tell("D/max_ms", latencies.micros_at(1.0) / 1e3);
    Ok(())
}

pub(crate) fn say_hello() -> anyhow::Result<()> {
    Ok(std::io::stdout().write_all(b"!")?)
}
