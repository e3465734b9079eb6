//! What the calls do, and who saw it.

use std::cell::RefCell;
use std::time::Duration;

use flame_task::{Blob, Ctx, Task, task};

use crate::plan::PlannedCall;
use crate::trace;

/// How often the work of one call began and ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct Runs {
    pub(crate) begun: u32,
    pub(crate) ended: u32,
    /// The instance that began it last.
    pub(crate) on: String,
}

thread_local! {
    static RUNS: RefCell<Vec<Runs>> = const { RefCell::new(Vec::new()) };
    static PRESENT: RefCell<usize> = const { RefCell::new(0) };
}

/// What the runners did for the call.
pub(crate) fn runs(id: u64) -> Runs {
    RUNS.with_borrow(|runs| runs.get(id as usize).cloned().unwrap_or_default())
}

fn record(id: u64, change: impl FnOnce(&mut Runs)) {
    RUNS.with_borrow_mut(|runs| {
        let at = id as usize;
        runs.resize(runs.len().max(at + 1), Runs::default());
        change(&mut runs[at]);
    });
}

/// The bytes that go along with this call.
pub(crate) fn bytes_of(call: &PlannedCall) -> Blob {
    let first = call.id;
    let bytes = (0..call.bytes as u64).map(|n| (first * 31 + n % 251) as u8);
    Blob::from(bytes.collect::<Vec<_>>())
}

/// Takes as long as the call says, and returns what it was given.
pub(crate) fn work(call: &PlannedCall) -> Task<(u64, Blob)> {
    let (id, micros) = (call.id, call.takes.as_micros() as u64);
    let bytes = bytes_of(call);
    task!(|cx: Ctx, id, micros, bytes| async move {
        begin(id, cx.runner().unwrap_or_default());
        tokio::time::sleep(Duration::from_micros(micros)).await;
        end(id);
        let bytes: Blob = bytes;
        (id, bytes)
    })
}

/// Waits until so many calls are in here at once.
pub(crate) fn meet(all: usize) -> Task<()> {
    task!(|all| async move {
        PRESENT.with_borrow_mut(|present| *present += 1);
        while PRESENT.with_borrow(|present| *present) < all {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
}

fn begin(id: u64, on: &str) {
    record(id, |runs| {
        runs.begun += 1;
        runs.on = on.to_owned();
    });
    trace::note_here(&format!("call {id} begins its work"));
}

fn end(id: u64) {
    record(id, |runs| runs.ended += 1);
    trace::note_here(&format!("call {id} ends its work"));
}
