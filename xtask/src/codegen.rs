//! Writes the generated wire code, which is checked in: nobody else needs a protobuf compiler.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};

use crate::run;

/// Where the contract is.
const PROTO_DIR: &str = "proto";
/// The contract, below `PROTO_DIR`.
const PROTO_FILE: &str = "flame/runner/v1/runner.proto";
/// Where the generated code goes.
const GENERATED_DIR: &str = "crates/flame-proto/src/generated";
/// The generated code.
const GENERATED_FILE: &str = "flame.runner.v1.rs";

/// Whether to write or to compare.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Compares with what is checked in, and writes nothing.
    #[arg(long)]
    check: bool,
}

/// Generates, and writes or compares.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let root = run::workspace_root();
    let generated = generate(&root.join(PROTO_DIR)).context("cannot generate the wire code")?;
    let path = root.join(GENERATED_DIR).join(GENERATED_FILE);
    if args.check {
        let checked_in = fs::read_to_string(&path).unwrap_or_default();
        ensure!(
            checked_in == generated,
            "{GENERATED_DIR}/{GENERATED_FILE} is stale; run `cargo xtask codegen` and commit the result"
        );
    } else {
        fs::create_dir_all(root.join(GENERATED_DIR))?;
        fs::write(&path, generated)?;
    }
    Ok(())
}

/// The generated code as text.
fn generate(proto_dir: &Path) -> anyhow::Result<String> {
    let contract = protox::compile([PROTO_FILE], [proto_dir])?;
    let scratch = tempfile::tempdir()?;
    tonic_prost_build::configure()
        .build_transport(false)
        // `Bytes` fields share the buffer that they arrived in.
        .bytes(".flame.runner.v1")
        // These hold secrets; `v1.rs` gives them a `Debug` that does not print them.
        .skip_debug(
            [
                "Hello",
                "Welcome",
                "Secret",
                "ParentInfo",
                "GetSecretsRequest",
                "GetSecretsResponse",
            ]
            .map(|name| format!(".flame.runner.v1.{name}")),
        )
        .emit_rerun_if_changed(false)
        .out_dir(scratch.path())
        .compile_fds(contract)?;
    Ok(fs::read_to_string(scratch.path().join(GENERATED_FILE))?)
}
