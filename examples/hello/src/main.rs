//! Runs a block of its code in a copy of itself, and tells where.
#![allow(clippy::print_stdout, reason = "printing is what this program is for")]

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    if let Some(runner) = flame::runner() {
        return Ok(runner.serve().await?);
    }
    let pool = flame::Pool::builder("hello").max(1).start().await?;

    let name = String::from("world");
    let numbers = vec![1, 2, 3, 4];
    let (greeting, there) = flame::call!(pool, |name, numbers| async move {
        let sum: i32 = numbers.iter().sum();
        (
            format!("hello {name}, the sum is {sum}"),
            std::process::id(),
        )
    })
    .await?;

    println!("{greeting}");
    println!(
        "the block ran in process {there}, this is process {}",
        std::process::id()
    );
    pool.shutdown().await;
    Ok(())
}
