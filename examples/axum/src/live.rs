use std::sync::Arc;
use std::time::Duration;

use flame::Pool;
use futures_util::{Stream, stream};
use tokio::sync::{Notify, watch};
use tokio::time::sleep;
use tokio_util::task::TaskTracker;
use tracing::error;

use crate::Store;
use crate::view::View;

/// How many pictures are shown.
const SHOWN: u32 = 50;
/// How often to look at a pool that has runners. It says when they come and go, but not what they run.
const EVERY: Duration = Duration::from_millis(100);

/// What there is to see, for any number of viewers: one task looks, and all of them get what it saw.
///
/// A slow viewer misses what was there in between and gets the newest.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    view: watch::Receiver<View>,
    changed: Arc<Notify>,
}

impl Live {
    /// Looks until the pool has ended.
    pub(crate) fn start(pool: Pool, store: Store, background: &TaskTracker) -> Self {
        let (sender, view) = watch::channel(View::default());
        let changed = Arc::new(Notify::new());
        // It has a look to begin with.
        changed.notify_one();
        background.spawn(look(pool, store, sender, changed.clone()));
        Self { view, changed }
    }

    /// Some picture is another than before.
    pub(crate) fn changed(&self) {
        self.changed.notify_one();
    }

    /// The view now, and after each change.
    pub(crate) fn views(&self) -> impl Stream<Item = View> + use<> {
        let mut view = self.view.clone();
        view.mark_changed();
        stream::unfold(view, async |mut view| {
            view.changed().await.ok()?;
            let now = view.borrow_and_update().clone();
            Some((now, view))
        })
    }
}

async fn look(pool: Pool, store: Store, sender: watch::Sender<View>, changed: Arc<Notify>) {
    let mut events = pool.events();
    loop {
        let is_quiet = sender.borrow().pool.is_quiet();
        let mut pictures = None;
        let goes_on = tokio::select! {
            event = events.next() => event.is_some(),
            () = changed.notified() => {
                pictures = latest(&store).await;
                true
            }
            () = sleep(EVERY), if !is_quiet => true,
        };
        let pool = pool.snapshot().into();
        sender.send_if_modified(|view| {
            let pictures = pictures.unwrap_or_else(|| view.pictures.clone());
            let now = View { pool, pictures };
            let is_other = *view != now;
            *view = now;
            is_other
        });
        if !goes_on {
            return;
        }
    }
}

async fn latest(store: &Store) -> Option<Vec<crate::Picture>> {
    let latest = store.latest(SHOWN).await;
    latest
        .inspect_err(|error| error!(%error, "the pictures cannot be shown"))
        .ok()
}
