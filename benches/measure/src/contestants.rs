use std::path::{Path, PathBuf};

use works::Work::{
    self, Burst, Cold, Concurrent, Core, Large, Memory, Mixed, Queued, Scale, Tuning, Warm,
};

/// Who takes part, and in what.
#[derive(Clone, Debug)]
pub(crate) struct Contestant {
    pub(crate) name: &'static str,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    pub(crate) works: &'static [Work],
    /// What it is a version of, for those that are not in our lock file.
    pub(crate) version: Option<String>,
}

pub(crate) const OURS: &str = "flame";
pub(crate) const OURS_TLS: &str = "flame, TLS over TCP";
pub(crate) const OURS_BEFORE: &str = "flame, before";
pub(crate) const OURS_VEC: &str = "flame, payloads as `Vec<u8>`";
pub(crate) const OURS_IN_PROCESS: &str = "flame, in process";
pub(crate) const OURS_CORE: &str = "flame, the pool's state alone";
pub(crate) const PING_UNIX: &str = "blocking ping-pong, unix";
pub(crate) const PING_TCP: &str = "blocking ping-pong, TCP";
pub(crate) const CHANNEL: &str = "tokio channel, in process";
pub(crate) const FRAMED_UNIX: &str = "hand-framed, unix";
pub(crate) const FRAMED_TCP: &str = "hand-framed, TCP";
pub(crate) const STREAM_UNIX: &str = "tonic, one stream, unix";
pub(crate) const STREAM_TCP: &str = "tonic, one stream, TCP";
pub(crate) const UNARY_UNIX: &str = "tonic unary, unix";
pub(crate) const UNARY_TCP: &str = "tonic unary, TCP";
pub(crate) const PROCSPAWN: &str = "procspawn 1.0.2";
/// These are not built here, so their goals are judged only where their numbers are.
pub(crate) const BEAM: &str = "FLAME on BEAM";
pub(crate) const NODES: &str = "bare BEAM nodes";
pub(crate) const RAY: &str = "Ray, an actor";

const ALL: &[Work] = &[Warm, Concurrent, Large, Mixed, Cold, Burst, Memory, Queued];
const OWN: &[Work] = &[
    Warm, Concurrent, Large, Mixed, Cold, Burst, Memory, Queued, Tuning,
];
const BLOCKING: &[Work] = &[Warm, Large, Cold];
pub(crate) const OTHERS: &[Work] = &[Warm, Concurrent, Large, Cold, Burst, Queued];

/// Who they are, with what their programs are told.
const BUILT: &[(&str, &str, &str, &[Work])] = &[
    (OURS, "ours", "--way child", OWN),
    (
        OURS_TLS,
        "ours",
        "--way tls",
        &[Warm, Concurrent, Large, Mixed, Cold, Burst],
    ),
    (OURS_VEC, "ours", "--way vec", &[Large]),
    (
        OURS_IN_PROCESS,
        "ours",
        "--way in-process",
        &[Warm, Concurrent, Scale],
    ),
    (OURS_CORE, "instructions", "time", &[Core]),
    (PING_UNIX, "peers", "measure ping-pong --way unix", BLOCKING),
    (
        PING_TCP,
        "peers",
        "measure ping-pong --way tcp",
        &[Warm, Large],
    ),
    (
        CHANNEL,
        "peers",
        "measure channel",
        &[Warm, Concurrent, Queued],
    ),
    (FRAMED_UNIX, "peers", "measure framed --way unix", ALL),
    (FRAMED_TCP, "peers", "measure framed --way tcp", ALL),
    (STREAM_UNIX, "peers", "measure stream --way unix", ALL),
    (STREAM_TCP, "peers", "measure stream --way tcp", ALL),
    (UNARY_UNIX, "peers", "measure unary --way unix", ALL),
    (UNARY_TCP, "peers", "measure unary --way tcp", ALL),
    (PROCSPAWN, "peers", "measure procspawn", OTHERS),
];

/// All that are built here.
pub(crate) fn all() -> anyhow::Result<Vec<Contestant>> {
    let this = std::env::current_exe()?;
    let built = |program: &str| this.with_file_name(program);
    let contestants = BUILT
        .iter()
        .map(|&(name, program, arguments, works)| Contestant {
            name,
            program: built(program),
            arguments: words(arguments),
            works,
            version: None,
        })
        .collect();
    Ok(contestants)
}

/// Ours beside ours as it was, and nobody else. The program that was built elsewhere is named `ours-` and its commit.
pub(crate) fn before(program: &Path) -> anyhow::Result<Vec<Contestant>> {
    let mut contestants = all()?;
    contestants.retain(|contestant| contestant.name == OURS);
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    let commit = name.trim_start_matches("ours-");
    contestants.push(Contestant {
        name: OURS_BEFORE,
        program: program.to_owned(),
        arguments: words("--way child"),
        works: ALL,
        version: Some(commit.chars().take(12).collect()),
    });
    Ok(contestants)
}

pub(crate) fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}
