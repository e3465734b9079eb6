use flame::call;
use metrics_exporter_prometheus::PrometheusBuilder;
use rustix::process::{Signal, getpid, kill_process};

use crate::processes::eventually;
use crate::tasks::{pool, process_id};

#[tokio::test]
async fn a_pool_of_processes_tells_the_recorder_of_their_deaths() {
    let recorder = PrometheusBuilder::new().install_recorder().unwrap();
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
        let is_told = || recorder.render().lines().any(|told| told == line);
        eventually(line, is_told).await;
    }
}
