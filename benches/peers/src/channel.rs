//! A channel to a task of the same process: nothing that crosses tasks is quicker.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{Semaphore, mpsc, oneshot};
use works::{Contestant, Plan, Work};

#[derive(Clone)]
struct There(mpsc::UnboundedSender<(u64, oneshot::Sender<u64>)>);

impl Contestant for There {
    async fn add_one(&self, number: u64) -> anyhow::Result<u64> {
        let (answer, answered) = oneshot::channel();
        self.0.send((number, answer))?;
        Ok(answered.await?)
    }

    async fn echo(&self, bytes: Bytes) -> anyhow::Result<Bytes> {
        // Nothing is copied in one process.
        Ok(bytes)
    }

    fn runner(&self) -> u32 {
        std::process::id()
    }
}

pub(crate) async fn measure(plan: &Plan) -> anyhow::Result<()> {
    let (calls, mut incoming) = mpsc::unbounded_channel::<(u64, oneshot::Sender<u64>)>();
    tokio::spawn(async move {
        while let Some((number, answer)) = incoming.recv().await {
            // Whoever has left wants no answer.
            let _ = answer.send(number + 1);
        }
    });
    let there = There(calls);
    for work in &plan.works {
        match work {
            Work::Warm => works::warm(&there, plan).await?,
            Work::Concurrent => works::concurrent(&there, plan).await?,
            Work::Queued => {
                let limit = Arc::new(Semaphore::new(works::IN_FLIGHT));
                works::queued(&there, Some(limit)).await?;
            }
            _ => anyhow::bail!("{work:?} is not done here"),
        }
    }
    Ok(())
}
