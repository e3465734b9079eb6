//! The works that begin without a runner.

use std::path::PathBuf;

use flame::Pool;
use works::{Plan, RUNNERS};

use crate::Way;
use crate::runners::Runners;

/// What a parent of this size has touched before it boots a runner, in bytes.
const TOUCHED: usize = 1 << 30;

/// Work D, from a small parent and from a large one.
pub(crate) async fn cold(way: Way, plan: &Plan) -> anyhow::Result<()> {
    let small = from_here(way, "D", plan).await?;
    if let Way::Tls = way {
        let plain = from_here(Way::Child, "TLS/without", plan).await?;
        works::tell("TLS/handshakes_ms", (small - plain).max(0.0));
        return Ok(());
    }
    let touched = vec![1_u8; TOUCHED];
    let large = from_here(way, "D/touched", plan).await?;
    std::hint::black_box(touched);
    works::tell("D/touched/adds_ms", (large - small).max(0.0));
    Ok(())
}

async fn from_here(way: Way, key: &str, plan: &Plan) -> anyhow::Result<f64> {
    // The first pool of a process opens its sockets, which is not the start of a runner.
    empty(way, 1).await?.shutdown().await;
    let pools = std::cell::RefCell::new(Vec::new());
    for _ in 0..2 * plan.repeats {
        pools.borrow_mut().push(empty(way, 1).await?);
    }
    let boot = async || {
        let pool = pools.borrow_mut().pop();
        let pool = pool.ok_or_else(|| anyhow::anyhow!("no pool is left"))?;
        anyhow::Ok((Runners::none_yet(pool.clone()), pool))
    };
    let end = async |pool: Pool| {
        pool.shutdown().await;
        Ok(())
    };
    works::cold(key, plan, boot, end).await
}

/// Work E.
pub(crate) async fn burst(way: Way, plan: &Plan) -> anyhow::Result<()> {
    let pools = std::cell::RefCell::new(Vec::new());
    for _ in 0..plan.repeats {
        pools.borrow_mut().push(empty(way, RUNNERS).await?);
    }
    let all_meet = async |at: PathBuf| {
        let pool = pools.borrow_mut().pop();
        let pool = pool.ok_or_else(|| anyhow::anyhow!("no pool is left"))?;
        let calls: Vec<_> = (0..RUNNERS)
            .map(|_| {
                let (pool, at) = (pool.clone(), at.clone());
                tokio::spawn(async move {
                    flame::call!(pool, |at| works::meet(&at).map_err(anyhow::Error::from)).await
                })
            })
            .collect();
        for call in calls {
            call.await???;
        }
        Ok(pool)
    };
    let end = async |pool: Pool| {
        pool.shutdown().await;
        Ok(())
    };
    works::burst(plan, all_meet, end).await
}

/// A pool without runners, of which each has one slot.
async fn empty(way: Way, max: usize) -> anyhow::Result<Pool> {
    let builder = way.pool().max(max).max_concurrency(1);
    Ok(builder.start().await?)
}
