//! Looking at processes from outside, and making them.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use flame::ChildProcess;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tempfile::{NamedTempFile, TempPath};

/// How long something may take that happens by itself.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Whether the process exists and is not just waiting to be reaped.
pub(crate) fn is_alive(pid: u32) -> bool {
    let exists = Pid::from_raw(pid as i32).is_some_and(|pid| test_kill_process(pid).is_ok());
    exists
        && !fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| stat.contains(") Z "))
}

/// Sends a signal to a process that exists.
pub(crate) fn signal(pid: u32, signal: Signal) {
    kill_process(Pid::from_raw(pid as i32).unwrap(), signal).unwrap();
}

/// Stops the process, and returns when it has stopped.
pub(crate) async fn freeze(pid: u32) {
    signal(pid, Signal::STOP);
    eventually("it is stopped", || {
        fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| stat.contains(") T "))
    })
    .await;
}

/// How much processor time the process has used, in hundredths of a second.
pub(crate) fn cpu_ticks(pid: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    // The 14th and 15th of all fields, two of which are cut off.
    let fields = fields.split(' ').skip(11).take(2);
    fields.map(|ticks| ticks.parse::<u64>().unwrap()).sum()
}

/// Waits until the condition holds, looking at it again and again.
pub(crate) async fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "still not so: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Boots copies of this test binary through a shell script: `exec \"$0\" \"$@\"` is where it becomes one.
pub(crate) fn copy_after(script: &str) -> ChildProcess {
    let this = std::env::current_exe().unwrap().into_os_string();
    let arguments = ["flame_test_runner", "--exact", "--nocapture"];
    let script = ["-c", script].map(OsString::from);
    let arguments = script
        .into_iter()
        .chain([this])
        .chain(arguments.map(OsString::from));
    ChildProcess::new().program("/bin/sh").args(arguments)
}

/// An executable file that is removed with its owner.
pub(crate) struct OtherBuild(TempPath);

impl OtherBuild {
    pub(crate) fn path(&self) -> &std::path::Path {
        &self.0
    }
}

/// This very program, except that its linker gave it another build id.
pub(crate) fn other_build() -> OtherBuild {
    let mut program = fs::read("/proc/self/exe").unwrap();
    let id = build_id_bytes(&program);
    let at = program
        .windows(id.len())
        .position(|window| window == id)
        .unwrap();
    program[at] ^= 0xff;
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(&program).unwrap();
    fs::set_permissions(file.path(), fs::Permissions::from_mode(0o755)).unwrap();
    OtherBuild(file.into_temp_path())
}

fn build_id_bytes(program: &[u8]) -> Vec<u8> {
    use object::Object as _;
    let file = object::File::parse(program).unwrap();
    file.build_id().unwrap().unwrap().to_vec()
}
