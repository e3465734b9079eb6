//! Takes pictures by HTTP, and makes thumbnails of them on runners.
//!
//! ```text
//! cargo run -p axum-thumbnails                        on a port that is free; it prints which
//! PORT=3000 cargo run -p axum-thumbnails              on this one
//! ```
#![allow(
    clippy::print_stdout,
    reason = "where it listens is what others read from its output"
)]

use std::net::Ipv4Addr;
use std::time::Duration;

use axum_thumbnails::{App, Config, Store, database, log, router};
use flame::Pool;
use tokio::net::TcpListener;
use tokio::time::sleep;
use tracing::{info, warn};

/// How long requests may go on when the service is told to end.
const REQUESTS_PATIENCE: Duration = Duration::from_secs(10);
/// How long running work may go on after them. With `flame`'s `CANCEL_GRACE` of 5 seconds the sum is 25, because
/// platforms commonly kill after 30.
const WORK_PATIENCE: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let runner = flame::runner();
    log::start()?;
    let config = Config::from_env()?;
    // Each of many runners opens its own connections: two suffice for what it does at a time.
    let connections = if runner.is_some() { 2 } else { 20 };
    let db = database::open(&config.database, connections).await?;
    flame::provide(db.clone());
    if let Some(runner) = runner {
        runner.serve().await?;
        db.close().await;
        return Ok(());
    }

    // From here on it is the app, once; its copies do not come this far.
    database::migrate(&db).await?;
    let store = Store::new(db.clone());
    let forsaken = store.forsake_the_waiting().await?;
    if forsaken > 0 {
        warn!(forsaken, "an earlier run ended with pictures on its hands");
    }
    let pool = start_pool().await?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
    println!("listening on http://{}", listener.local_addr()?);

    serve(listener, App::new(pool, store)).await?;
    db.close().await;
    Ok(())
}

async fn start_pool() -> Result<Pool, flame::StartError> {
    Pool::builder("thumbnails")
        .max(2)
        .max_concurrency(2)
        .idle_shutdown_after(Duration::from_secs(10))
        .shutdown_timeout(WORK_PATIENCE)
        .start()
        .await
}

/// Serves until the process is told to end, and then ends things from the outside to the inside: requests, work,
/// and what is left to write down.
async fn serve(listener: TcpListener, app: App) -> anyhow::Result<()> {
    let ending = app.ending().clone();
    let told = {
        let ending = ending.clone();
        async move {
            flame::termination().await;
            info!("ending");
            ending.cancel();
        }
    };
    let overdue = async {
        ending.cancelled().await;
        sleep(REQUESTS_PATIENCE).await;
    };
    let server = axum::serve(listener, router(app.clone())).with_graceful_shutdown(told);
    tokio::select! {
        served = server.into_future() => served?,
        // Their connections are closed when this process ends. Their work is ended now.
        () = overdue => warn!("some requests took too long"),
    }
    app.shutdown().await;
    Ok(())
}
