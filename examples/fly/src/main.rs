//! Runs calls in Fly Machines of their own, and tells in which. The README says how to deploy it.
#![allow(clippy::print_stdout, reason = "printing is what this program is for")]

use std::time::Duration;

use flame::{FlyBackend, Pool};
use futures_util::future::try_join_all;

/// How many calls there are; two run in one machine at once.
const CALLS: u32 = 6;

/// Where a call runs, by what Fly tells every machine about itself.
#[flame::remote]
async fn place(number: u32) -> String {
    let told = |name| std::env::var(name).unwrap_or_else(|_| "?".to_owned());
    // Long enough that one machine is not enough.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (machine, region) = (told("FLY_MACHINE_ID"), told("FLY_REGION"));
    format!("call {number} ran in machine {machine} in {region}")
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    if let Some(runner) = flame::runner() {
        return Ok(runner.serve().await?);
    }
    let pool = Pool::builder("on_fly")
        .max(2)
        .max_concurrency(2)
        .backend(FlyBackend::from_env()?)
        // An image that no host has yet takes its time.
        .boot_timeout(Duration::from_secs(90))
        .timeout(Duration::from_secs(180))
        .start()
        .await?;

    // A deploy that replaces this machine says so by a signal.
    let ending = pool.clone();
    tokio::spawn(async move { ending.shutdown_on_termination().await });

    let calls = (1..=CALLS).map(|number| place(number).on(&pool));
    for told in try_join_all(calls).await? {
        println!("{told}");
    }

    pool.shutdown().await;
    println!("every machine is gone");
    Ok(())
}
