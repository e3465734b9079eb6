//! Serves the metrics of its pool to Prometheus, and looks at them itself before it ends.
//!
//! ```text
//! cargo run -p prometheus                     on 127.0.0.1:9000
//! cargo run -p prometheus -- 127.0.0.1:9464   elsewhere
//! ```
#![allow(clippy::print_stdout, reason = "printing is what this program is for")]

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use flame::{Pool, call};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// Where it is scraped, unless its argument says so.
const ADDRESS: &str = "127.0.0.1:9000";
/// What durations are told apart by. Without them Prometheus gets quantiles, which cannot be added up.
const SECONDS: [f64; 8] = [0.001, 0.01, 0.05, 0.1, 0.5, 1.0, 10.0, 60.0];
/// How many calls are made.
const CALLS: u32 = 20;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // Copies do not come further than this, so they do not ask for the port either.
    if let Some(runner) = flame::runner() {
        return Ok(runner.serve().await?);
    }
    let address = std::env::args().nth(1).unwrap_or(ADDRESS.to_owned());
    let address: SocketAddr = address.parse().context(address)?;
    PrometheusBuilder::new()
        .with_http_listener(address)
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .install()
        .with_context(|| format!("{address} cannot be listened to"))?;

    let pool = Pool::builder("primes")
        .min(2)
        .max(2)
        .max_concurrency(1)
        .start()
        .await?;
    count_primes(&pool).await?;
    let metrics = timeout(Duration::from_secs(10), scrape(address)).await??;
    pool.shutdown().await;
    print!("{metrics}");
    Ok(())
}

/// Makes calls, all of which return but one.
async fn count_primes(pool: &Pool) -> anyhow::Result<()> {
    let limits: Vec<u32> = (1..=CALLS).map(|n| n * 1_000).collect();
    let mut counts = pool.map(limits, |limit| {
        flame::task!(|limit| (2..limit).filter(|n| is_prime(*n)).count())
    });
    while let Some((_, count)) = counts.next().await {
        count?;
    }
    let error = call!(pool, || -> u32 { panic!("there is no largest prime") })
        .await
        .expect_err("it panics");
    println!("# a call failed, as it should: {}", first_line(&error));
    Ok(())
}

fn is_prime(n: u32) -> bool {
    !(2..)
        .take_while(|d| d * d <= n)
        .any(|d| n.is_multiple_of(d))
}

fn first_line(error: &flame::CallError) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().to_owned()
}

/// The metrics, as Prometheus gets them, once they tell of all calls. They do so a tenth of a second later.
async fn scrape(address: SocketAddr) -> anyhow::Result<String> {
    loop {
        let metrics = get(address).await?;
        if metrics.contains("outcome=\"failed\"} 1\n") {
            return Ok(metrics);
        }
        sleep(Duration::from_millis(50)).await;
    }
}

async fn get(address: SocketAddr) -> anyhow::Result<String> {
    let mut connection = TcpStream::connect(address).await?;
    connection
        .write_all(b"GET /metrics HTTP/1.0\r\n\r\n")
        .await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    let (_, metrics) = answer.split_once("\r\n\r\n").context("no HTTP")?;
    Ok(metrics.to_owned())
}
