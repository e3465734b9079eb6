use std::fs;
use std::time::Duration;

use anyhow::Context as _;

use crate::{Contestant, sample, tell};

/// How long a process is left alone before it is idle: allocators and buffers give back late.
const SETTLES_IN: Duration = Duration::from_secs(1);

/// What a process holds, in mebibytes.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// With what it shares with others.
    pub resident: f64,
    /// Without that.
    pub private: f64,
}

impl Memory {
    /// Of a process, now.
    ///
    /// # Errors
    ///
    /// There is no such process.
    pub fn of(process: u32) -> anyhow::Result<Self> {
        let path = format!("/proc/{process}/smaps_rollup");
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
        let mebibytes = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            let kibibytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
            kibibytes.unwrap_or(f64::NAN) / 1024.0
        };
        Ok(Self {
            resident: mebibytes("Rss"),
            private: mebibytes("Private_Clean") + mebibytes("Private_Dirty"),
        })
    }
}

/// How many descriptors this process holds.
///
/// # Errors
///
/// The system does not tell.
pub fn descriptors() -> std::io::Result<usize> {
    Ok(fs::read_dir("/proc/self/fd")?.count())
}

/// Work F: what an idle parent and an idle runner hold, and what they keep after one call with 64 MiB.
///
/// # Errors
///
/// A call fails.
pub async fn footprint(contestant: &impl Contestant) -> anyhow::Result<()> {
    contestant.add_one(1).await?;
    tokio::time::sleep(SETTLES_IN).await;
    let processes = [
        ("parent", std::process::id()),
        ("runner", contestant.runner()),
    ];
    let mut before = Vec::new();
    for (name, process) in processes {
        let memory = Memory::of(process)?;
        tell(&format!("F/{name}/rss_mib"), memory.resident);
        tell(&format!("F/{name}/private_mib"), memory.private);
        before.push(memory.private);
    }
    contestant.echo(sample(64 << 20)).await?;
    tokio::time::sleep(SETTLES_IN).await;
    for ((name, process), before) in processes.into_iter().zip(before) {
        let kept = Memory::of(process)?.private - before;
        tell(&format!("F/{name}/kept_mib"), kept.max(0.0));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_process_takes_is_seen() {
        let before = Memory::of(std::process::id()).unwrap();
        let taken = vec![1_u8; 64 << 20];
        let after = Memory::of(std::process::id()).unwrap();
        assert!(
            after.private - before.private > 60.0,
            "{before:?} {after:?}"
        );
        assert_eq!(taken[77], 1);
    }
}
