use std::time::Duration;

use anyhow::{Context as _, ensure};
use flame_core::pool::PoolCounts;
use flame_runtime::{CallError, Event, Pool};
use futures_util::future::join_all;
use tokio::runtime::Handle;
use tokio::task::spawn_local;
use tokio::time::{sleep, timeout};

use crate::book::SharedBook;
use crate::plan::{BOOT, GRACE, HEALED, Plan, PlannedCall, SILENCE};
use crate::provider::{PARENT, Provider};
use crate::trace;
use crate::wires::Wires;
use crate::work;

/// How long the pool may take to serve all its slots at once, when nothing is broken any more: the last machine is
/// lost, destroyed by a slow provider, and another one booted.
const SERVES_AGAIN: Duration = Duration::from_secs(60);
/// How long connections outlive their session at the most.
const LINGER: Duration = Duration::from_secs(10);

/// The parent's whole life: its calls, whether the pool serves again afterwards, and its end.
pub(crate) fn run(
    plan: &Plan,
    machines: Provider,
    wires: Wires,
    book: SharedBook,
) -> impl Future<Output = anyhow::Result<()>> + 'static {
    let calls = plan.calls.clone();
    let (max, concurrency) = (plan.max, plan.concurrency);
    async move {
        let pool = Pool::builder("simulated")
            .max(max)
            .max_concurrency(concurrency)
            .backend(machines)
            .on_simulated_network(wires)
            .peer_loss_after(SILENCE)
            .cancel_grace(GRACE)
            .boot_timeout(BOOT)
            .idle_shutdown_after(Duration::from_secs(3600))
            .start()
            .await?;
        let watching = spawn_local(watch(pool.clone(), book.clone()));
        let calls = calls
            .into_iter()
            .map(|call| spawn_local(make(pool.clone(), call, book.clone())));
        for call in join_all(calls).await {
            call.context("a call panicked")?;
        }
        sleep(HEALED.saturating_sub(trace::now())).await;
        serves_again(&pool, max * concurrency).await?;

        trace::note_here("the pool shuts down");
        book.borrow_mut().is_shutting_down = true;
        pool.shutdown().await;
        is_at_rest(&pool.snapshot().counts)?;
        drop(pool);
        watching.await.context("whoever watched panicked")?;
        sleep(LINGER).await;
        let connections = turmoil::established_tcp_stream_count_on(PARENT);
        ensure!(connections == 0, "{connections} connections are left");
        let tasks = Handle::current().metrics().num_alive_tasks();
        ensure!(tasks == 0, "{tasks} tasks of the parent are left");
        trace::note_here("the parent is done");
        Ok(())
    }
}

async fn make(pool: Pool, call: PlannedCall, book: SharedBook) {
    sleep(call.at.saturating_sub(trace::now())).await;
    let submitted_at = trace::now();
    let answer = work::work(&call).on(&pool).timeout(call.timeout);
    let answer = match call.retries {
        0 => answer.await,
        retries => answer.idempotent(retries).await,
    };
    trace::note_here(&format!("call {} is answered: {}", call.id, brief(&answer)));
    book.borrow_mut()
        .answered(call, submitted_at, trace::now(), answer);
}

/// The answer without what differs from life to life.
fn brief<T>(answer: &Result<T, CallError>) -> String {
    match answer {
        Ok(_) => "Ok".to_owned(),
        Err(CallError::RunnerLost(lost)) => format!("RunnerLost, {:?}", lost.reason),
        Err(error) => error.to_string(),
    }
}

async fn watch(pool: Pool, book: SharedBook) {
    let mut events = pool.events();
    drop(pool);
    while let Some(event) = events.next().await {
        let now = trace::now();
        if let Event::Ready { name, .. } = event {
            book.borrow_mut().ready(now, &name);
        } else if let Event::Lost { name, reason, .. } = event {
            book.borrow_mut().lost(now, &name, &reason);
        }
    }
}

/// All slots are taken at the same moment, so none has leaked.
async fn serves_again(pool: &Pool, slots: usize) -> anyhow::Result<()> {
    let meeting = (0..slots).map(|_| work::meet(slots).on(pool).no_timeout());
    let met = timeout(SERVES_AGAIN, join_all(meeting)).await;
    let met = met.with_context(|| format!("{slots} calls did not meet: {:?}", pool.snapshot()))?;
    for met in met {
        met.context("a call after the faults")?;
    }
    trace::note_here("the pool serves again");
    Ok(())
}

fn is_at_rest(counts: &PoolCounts) -> anyhow::Result<()> {
    ensure!(
        counts.are_conserved(),
        "calls are not conserved: {counts:?}"
    );
    let callers = counts.queued + counts.running + counts.unconfirmed;
    let runners = counts.ready + counts.booting + counts.draining + counts.reaping;
    ensure!(callers + runners == 0, "something is left: {counts:?}");
    Ok(())
}
