//! Boot requests for tests.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use flame_core::backend::{BootRequest, ExitKind, ExitReport, OutputSink, ParentText, RunnerEntry};
use flame_core::{InstanceName, PoolName, RunnerId};

/// A boot request that no other has been equal to: the name is new in the world with every call.
///
/// Its pool is `testkit`, and its output goes nowhere. Run in process, its runner ends at once with exit code 0.
pub fn boot_request() -> BootRequest {
    static COUNT: AtomicU64 = AtomicU64::new(0);

    let pool: PoolName = match "testkit".parse() {
        Ok(pool) => pool,
        Err(error) => unreachable!("{error}"),
    };
    let runner = RunnerId(COUNT.fetch_add(1, Ordering::Relaxed));
    let incarnation = u64::from(std::process::id());
    let labels = [("flame_pool", "testkit"), ("flame_parent", "testkit")];
    BootRequest {
        name: InstanceName::new(&pool, incarnation, runner),
        pool,
        runner,
        parent: ParentText::new("the text of a parent that does not listen"),
        env: BTreeMap::new(),
        labels: labels
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
        boot_timeout: Duration::from_secs(30),
        output: OutputSink::new(|_| {}),
        entry: RunnerEntry::new(|| {
            Box::pin(async {
                ExitReport {
                    how: ExitKind::Code(0),
                    stderr_tail: Vec::new(),
                }
            })
        }),
    }
}
