use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Lets no core file be written of this process and of what it starts: it would hold secrets, and what tasks work on.
///
/// The limit alone is lowered, so whoever has to look may raise it again. "Not dumpable" would do more, and also keep
/// debuggers and our own look at `/proc` away.
pub(super) fn leave_none() {
    // For Linux one byte is less than the least core file, and the one limit that holds where cores are piped to a
    // program, too: the kernel takes it for that program's own.
    let least = if cfg!(target_os = "linux") { 1 } else { 0 };
    let limit = getrlimit(Resource::Core);
    let lowered = Rlimit {
        current: Some(limit.maximum.map_or(least, |maximum| maximum.min(least))),
        maximum: limit.maximum,
    };
    if let Err(error) = setrlimit(Resource::Core, lowered) {
        tracing::warn!(%error, "core files of this runner cannot be turned off");
    }
}
