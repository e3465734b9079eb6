//! Runs a block of its code over SSH, and tells where.
//!
//! ```text
//! cargo run -p custom-backend -- localhost                   if you may log in there without a password
//! custom-backend --listen 10.0.0.7:0 worker-1 worker-2       with the program at the same path on both
//! ```
#![allow(clippy::print_stdout, reason = "printing is what this program is for")]

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;
use custom_backend::{Host, SshBackend};
use flame::{ParentAddress, Pool};

/// Runs a block of its code over SSH, and tells where.
#[derive(Parser)]
struct Arguments {
    /// Where the program is already, as `host` or `user@host`.
    #[arg(required = true)]
    hosts: Vec<String>,
    /// Where runners find this process. Port 0 takes any that is free.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// What starts the program there, unless it is at the path that it has here.
    #[arg(long)]
    command: Option<String>,
    /// Replaces the configuration files of `ssh`.
    #[arg(long)]
    ssh_config: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    if let Some(runner) = flame::runner() {
        return Ok(runner.serve().await?);
    }
    let arguments = Arguments::parse();
    let hosts = arguments
        .hosts
        .into_iter()
        .map(|host| match &arguments.ssh_config {
            Some(file) => Host::new(host).config(file),
            None => Host::new(host),
        });
    let command = match arguments.command {
        Some(command) => command,
        None => std::env::current_exe()?.display().to_string(),
    };
    let backend = SshBackend::new(hosts, command, ParentAddress::new(arguments.listen));
    let pool = Pool::builder("ssh").max(1).backend(backend).start().await?;

    let there = flame::call!(pool, || std::process::id()).await?;

    println!(
        "the block ran in process {there}, this is process {}",
        std::process::id()
    );
    pool.shutdown().await;
    Ok(())
}
