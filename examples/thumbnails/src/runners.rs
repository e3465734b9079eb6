use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use flame::{Pool, RunnerId, RunnerSnapshot};
use thumbnails::Progress;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How often to look.
const EVERY: Duration = Duration::from_millis(20);

/// Shows which runners boot and leave, by looking at the pool again and again.
pub(crate) struct Runners {
    stop: oneshot::Sender<()>,
    watching: JoinHandle<()>,
}

impl Runners {
    pub(crate) fn watch(pool: &Pool, progress: Arc<Progress>) -> Self {
        let (stop, stopped) = oneshot::channel();
        let watching = tokio::spawn(watch(pool.clone(), progress, stopped));
        Self { stop, watching }
    }

    /// Looks once more and stops.
    pub(crate) async fn last_look(self) {
        let _ = self.stop.send(());
        // It does nothing that could fail.
        let _ = self.watching.await;
    }
}

async fn watch(pool: Pool, progress: Arc<Progress>, mut stopped: oneshot::Receiver<()>) {
    let mut seen = BTreeMap::new();
    loop {
        let stop = tokio::time::timeout(EVERY, &mut stopped).await.is_ok();
        let now = pool
            .snapshot()
            .runners
            .into_iter()
            .map(|runner| (runner.id, runner))
            .collect();
        show(&progress, &seen, &now);
        seen = now;
        if stop {
            return;
        }
    }
}

type Seen = BTreeMap<RunnerId, RunnerSnapshot>;

fn show(progress: &Progress, before: &Seen, now: &Seen) {
    for (id, runner) in now {
        let was = before.get(id);
        if was.is_none() {
            progress.runner_booting(&id.to_string());
        }
        let up = place_if_up(runner);
        if let (Some(place), None) = (up, was.and_then(place_if_up)) {
            progress.runner_up(&id.to_string(), &place);
        }
    }
    for id in before.keys().filter(|id| !now.contains_key(id)) {
        progress.runner_down(&id.to_string());
    }
}

/// A quick runner calls back before its backend has said where it is; it counts as up when both are so.
fn place_if_up(runner: &RunnerSnapshot) -> Option<String> {
    let provider_id = runner.provider_id.as_deref().filter(|_| runner.attached)?;
    Some(match provider_id.split_once(' ') {
        Some(("task", _)) => format!("pid {}", std::process::id()),
        Some(("pid", _)) => provider_id.to_owned(),
        Some(_) | None => format!("machine {provider_id}"),
    })
}
