use std::ffi::OsString;
use std::io;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use super::files;
use crate::shared::Shared;

/// Where programs look for others.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// The memory of a machine of which nothing is said, in MiB.
const MEMORY: u64 = 256;

/// What a machine runs, in an environment that has nothing of ours but what the image passes on.
pub(super) fn command(
    shared: &Shared,
    id: &str,
    path: &Path,
    args: &[OsString],
    pass: &[String],
) -> io::Result<(Command, TempDir)> {
    let world = shared.world();
    let vm = world.any_vm(id).ok_or(io::ErrorKind::NotFound)?;
    let files = files::write(&vm.config)?;
    let mut command = overridden(&vm.config).unwrap_or_else(|| {
        let mut command = Command::new(path);
        command.args(args);
        command
    });
    command.env_clear().env("PATH", PATH);
    for name in pass {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    let app = world.config.apps.iter().find(|app| app.name == vm.app);
    if let Some(app) = app.filter(|_| !vm.skip_secrets) {
        command.envs(&app.secrets);
    }
    let own = vm.config.get("env").and_then(Value::as_object);
    for (name, value) in own.into_iter().flatten() {
        command.env(name, value.as_str().unwrap_or_default());
    }
    let guest = vm.config.get("guest");
    let memory = guest.and_then(|guest| guest.get("memory_mb")?.as_u64());
    command
        .env("FLY_APP_NAME", &vm.app)
        .env("FLY_MACHINE_ID", &vm.id)
        .env("FLY_ALLOC_ID", &vm.id)
        .env("FLY_REGION", &vm.region)
        .env("PRIMARY_REGION", &vm.region)
        .env("FLY_IMAGE_REF", vm.image())
        .env("FLY_MACHINE_VERSION", &vm.instance_id)
        .env("FLY_PRIVATE_IP", &world.config.private_ip)
        .env("FLY_PROCESS_GROUP", "")
        .env("FLY_PUBLIC_IP", "")
        .env("FLY_VM_MEMORY_MB", memory.unwrap_or(MEMORY).to_string())
        .env("FLY_EMU_ROOT", files.path());
    Ok((command, files))
}

/// What the machine's `init` says to run instead of the image's program.
fn overridden(config: &serde_json::Map<String, Value>) -> Option<Command> {
    let init = config.get("init")?;
    let words = |field: &str| -> Vec<String> {
        let words = init.get(field).and_then(Value::as_array);
        let words = words.into_iter().flatten().filter_map(Value::as_str);
        words.map(ToOwned::to_owned).collect()
    };
    let exec = words("exec");
    let argv = if exec.is_empty() {
        [words("entrypoint"), words("cmd")].concat()
    } else {
        exec
    };
    let (program, args) = argv.split_first()?;
    let mut command = Command::new(program);
    command.args(args);
    Some(command)
}
