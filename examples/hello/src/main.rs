//! The smallest program: one block of code, run in a copy of this process.

use std::time::Duration;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    if let Some(runner) = flame::runner() {
        return Ok(runner.serve().await?);
    }
    let pool = flame::Pool::builder("hello")
        .max(1)
        .idle_shutdown_after(Duration::from_secs(1))
        .start()
        .await?;

    let (greeting, numbers) = (String::from("hello from"), vec![1u64, 2, 3]);
    let (text, there) = flame::call!(pool, |greeting, numbers| async move {
        let sum: u64 = numbers.iter().sum();
        (format!("{greeting} a runner, {numbers:?} make {sum}"), std::process::id())
    })
    .await?;

    println!("{text}");
    println!("parent: process {}, runner: process {there}", std::process::id());
    pool.shutdown().await;
    Ok(())
}
