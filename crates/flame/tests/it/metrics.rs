use std::sync::OnceLock;

use flame::{OUTPUT_PER_SECOND, call};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use rustix::process::{Signal, getpid, kill_process};

use crate::log;
use crate::logs::floods;
use crate::processes::eventually;
use crate::tasks::{pool, process_id};

/// The one of this process.
fn recorder() -> &'static PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| PrometheusBuilder::new().install_recorder().unwrap())
}

fn is_told(recorder: &PrometheusHandle, line: &str) -> bool {
    recorder.render().lines().any(|told| told == line)
}

#[tokio::test]
async fn a_pool_of_processes_tells_the_recorder_of_their_deaths() {
    let recorder = recorder();
    let pool = pool("scraped").start().await.unwrap();
    process_id().on(&pool).await.unwrap();
    let suicide = call!(pool, || kill_process(getpid(), Signal::KILL).unwrap());
    suicide.await.unwrap_err();
    pool.shutdown().await;
    for line in [
        "flame_boots_total{pool=\"scraped\"} 1",
        "flame_runners_lost_total{pool=\"scraped\",reason=\"exited\"} 1",
        "flame_calls_ended_total{pool=\"scraped\",kind=\"call\",outcome=\"returned\"} 1",
        "flame_calls_ended_total{pool=\"scraped\",kind=\"call\",outcome=\"lost\"} 1",
        "flame_runners{pool=\"scraped\",phase=\"ready\"} 0",
        "flame_runners{pool=\"scraped\",phase=\"reaping\"} 0",
    ] {
        eventually(line, || is_told(recorder, line)).await;
    }
}

#[tokio::test]
async fn the_recorder_is_told_how_much_the_log_was_not() {
    log::write();
    let recorder = recorder();
    let pool = pool("scraped_flood").start().await.unwrap();
    floods(20 * OUTPUT_PER_SECOND).on(&pool).await.unwrap();
    eventually("some was dropped", || pool.snapshot().output_dropped > 0).await;
    // Lines may still come, and each call is news that lets the recorder hear of them.
    let agrees = || {
        let dropped = pool.snapshot().output_dropped;
        let line = format!("flame_output_dropped_total{{pool=\"scraped_flood\"}} {dropped}");
        is_told(recorder, &line)
    };
    while !agrees() {
        process_id().on(&pool).await.unwrap();
    }
    pool.shutdown().await;
}
