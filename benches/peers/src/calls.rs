use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::oneshot;
use works::Deed;

use crate::outbox::Outbox;
use crate::wire::Frame;

/// The parent's half of multiplexed calls.
#[derive(Default)]
pub(crate) struct Calls {
    pub(crate) outbox: Arc<Outbox>,
    next: AtomicU64,
    waiting: Mutex<HashMap<u64, oneshot::Sender<Bytes>>>,
}

impl Calls {
    pub(crate) async fn call(&self, deed: Deed, payload: Bytes) -> anyhow::Result<Bytes> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        self.waiting().insert(id, answer);
        let deed = deed.number();
        self.outbox.push(Frame { id, deed, payload });
        Ok(answered.await?)
    }

    /// An answer has come.
    pub(crate) fn answered(&self, frame: Frame) {
        let answer = self.waiting().remove(&frame.id);
        if let Some(answer) = answer {
            // Whoever has left wants no answer.
            let _ = answer.send(frame.payload);
        }
    }

    /// No answer will come any more.
    pub(crate) fn lost(&self) {
        self.waiting().clear();
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, oneshot::Sender<Bytes>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The runner's half: a task for each call.
pub(crate) fn answer(outbox: &Arc<Outbox>, frame: Frame) {
    let outbox = outbox.clone();
    tokio::spawn(async move {
        let Frame { id, deed, payload } = frame;
        let payload = Deed::numbered(deed)?.run(payload).await?;
        outbox.push(Frame { id, deed, payload });
        anyhow::Ok(())
    });
}
