use std::fs;

/// The processor time that some processes had used at some moment.
///
/// Of threads that end in between nothing is known, which is why a measurement begins after everything has started.
#[derive(Debug)]
pub struct CpuTime {
    processes: Vec<u32>,
    nanos: u64,
}

impl CpuTime {
    /// Of this process and of the runner, if that is another one.
    pub fn now(runner: u32) -> Self {
        let mut processes = vec![std::process::id(), runner];
        processes.dedup();
        let nanos = used(&processes);
        Self { processes, nanos }
    }

    /// What the calling thread has used since it began, in nanoseconds.
    pub fn own_thread() -> u64 {
        fs::read_to_string("/proc/thread-self/schedstat")
            .ok()
            .and_then(|stat| stat.split(' ').next()?.parse().ok())
            .unwrap_or(0)
    }

    /// What each of so many calls has taken since then, in microseconds.
    pub fn micros_per_call(&self, calls: usize) -> f64 {
        let nanos = used(&self.processes).saturating_sub(self.nanos);
        nanos as f64 / 1e3 / calls as f64
    }
}

fn used(processes: &[u32]) -> u64 {
    processes.iter().map(|process| used_by(*process)).sum()
}

fn used_by(process: u32) -> u64 {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else {
        return 0;
    };
    let times = threads.flatten().filter_map(|thread| {
        let stat = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        stat.split(' ').next()?.parse::<u64>().ok()
    });
    times.sum()
}
