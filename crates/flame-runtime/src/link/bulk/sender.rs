use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use flame_proto::bulk;
use tokio::sync::Notify;

/// The largest chunk.
const CHUNK: usize = bulk::CHUNK as usize;

/// Segments on their way out, served in turns.
#[derive(Debug, Default)]
pub(super) struct Sender {
    state: Mutex<State>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct State {
    last_id: u64,
    turns: VecDeque<(u64, Bytes)>,
    closed: bool,
}

impl Sender {
    pub(super) fn push(&self, bytes: Bytes) -> u64 {
        let mut state = self.lock();
        state.last_id += 1;
        let id = state.last_id;
        if !state.closed && !bytes.is_empty() {
            state.turns.push_back((id, bytes));
        }
        drop(state);
        self.wake.notify_one();
        id
    }

    /// The next chunk in turn; `None` after `close`. Cancel safe.
    pub(super) async fn next(&self) -> Option<(u64, Bytes)> {
        loop {
            {
                let mut state = self.lock();
                if state.closed {
                    return None;
                }
                if let Some((id, mut rest)) = state.turns.pop_front() {
                    let chunk = rest.split_to(rest.len().min(CHUNK));
                    if !rest.is_empty() {
                        state.turns.push_back((id, rest));
                    }
                    return Some((id, chunk));
                }
            }
            self.wake.notified().await;
        }
    }

    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.turns.clear();
        drop(state);
        self.wake.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn chunks_of_two_segments_take_turns() {
        let sender = Sender::default();
        let (long, short) = (Bytes::from(vec![1; CHUNK + 1]), Bytes::from(vec![2; 3]));
        let (first, second) = (sender.push(long), sender.push(short));
        let mut order = Vec::new();
        for _ in 0..3 {
            let (id, chunk) = sender.next().await.unwrap();
            order.push((id, chunk.len()));
        }
        assert_eq!(order, [(first, CHUNK), (second, 3), (first, 1)]);
    }

    #[tokio::test]
    async fn a_closed_sender_sends_nothing_more() {
        let sender = Sender::default();
        sender.push(Bytes::from_static(b"late"));
        sender.close();
        assert_eq!(sender.next().await, None);
    }
}
