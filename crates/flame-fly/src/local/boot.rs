use std::time::Duration;

use flame_core::backend::ExitReport;
use tokio::sync::{Mutex, MutexGuard, watch};
use tokio::time::Instant;

use crate::chance;

/// One boot, from the first request until its machine is gone.
pub(crate) struct Boot {
    /// In the machine's metadata: proves that it is this boot's.
    nonce: String,
    /// Held while requests about its existence are under way.
    known: Mutex<Known>,
    /// Set once, when nobody wants it any more.
    unwanted: watch::Sender<bool>,
    end: watch::Sender<Option<ExitReport>>,
    /// When its runner's session ended.
    lost: watch::Sender<Option<Instant>>,
    /// Held by whoever watches the machine for all who wait.
    watching: Mutex<()>,
}

/// What is known of its machine's existence.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) id: Option<String>,
    /// A request to create it was sent, and what came of it has not been heard.
    pub(crate) may_exist: bool,
    /// It is gone for good.
    pub(crate) gone: bool,
    /// When whoever asked for it will not wait any longer.
    pub(crate) given_up_at: Option<Instant>,
}

impl Boot {
    pub(crate) fn nonce(&self) -> &str {
        &self.nonce
    }

    pub(crate) async fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().await
    }

    /// Nobody wants it any more: whatever is still tried for it ends.
    pub(crate) fn give_up(&self) {
        self.unwanted.send_replace(true);
    }

    /// Resolves when nobody wants it any more.
    pub(crate) async fn given_up(&self) {
        let mut unwanted = self.unwanted.subscribe();
        // `self` holds the sender, so there will be news.
        let _ = unwanted.wait_for(|unwanted| *unwanted).await;
    }

    /// Tells its end, if nobody has yet.
    pub(crate) fn tell_end(&self, report: ExitReport) {
        self.end.send_if_modified(|end| {
            let is_news = end.is_none();
            if is_news {
                *end = Some(report);
            }
            is_news
        });
    }

    /// Resolves when its end has been told.
    pub(crate) async fn end(&self) -> ExitReport {
        let mut end = self.end.subscribe();
        match end.wait_for(Option::is_some).await {
            Ok(report) => report.clone().unwrap_or_default(),
            // `self` holds the sender, so this cannot be.
            Err(_) => ExitReport::default(),
        }
    }

    /// The session of its runner has ended.
    pub(crate) fn lose(&self) {
        self.lost.send_if_modified(|lost| {
            let is_news = lost.is_none();
            lost.get_or_insert_with(Instant::now);
            is_news
        });
    }

    /// When the session of its runner ended, if it has.
    pub(crate) fn lost_at(&self) -> Option<Instant> {
        *self.lost.borrow()
    }

    /// Resolves when the session of its runner has ended.
    pub(crate) async fn is_lost(&self) {
        let mut lost = self.lost.subscribe();
        // `self` holds the sender, so there will be news.
        let _ = lost.wait_for(Option::is_some).await;
    }

    pub(crate) async fn watching(&self) -> MutexGuard<'_, ()> {
        self.watching.lock().await
    }
}

impl Default for Boot {
    fn default() -> Self {
        Self {
            nonce: format!("{:016x}", chance::number()),
            known: Mutex::default(),
            unwanted: watch::Sender::new(false),
            end: watch::Sender::new(None),
            lost: watch::Sender::new(None),
            watching: Mutex::default(),
        }
    }
}

/// How long before the end of `boot_timeout` a boot is given up, so that its caller hears why.
pub(crate) fn margin(boot_timeout: Duration) -> Duration {
    const LONGEST: Duration = Duration::from_secs(4);
    (boot_timeout / 5).min(LONGEST)
}
