//! The end of an instance, told to everybody who asks, before it and after it.

use flame_core::backend::ExitReport;
use tokio::sync::watch;

/// The end of an instance: not yet, or with this report.
#[derive(Debug)]
pub(crate) struct End(watch::Sender<Option<ExitReport>>);

impl End {
    /// The end of an instance that has not ended.
    pub(crate) fn pending() -> Self {
        Self(watch::Sender::new(None))
    }

    /// Tells everybody. The first report stands.
    pub(crate) fn tell(&self, report: ExitReport) {
        self.0.send_if_modified(|end| {
            let first = end.is_none();
            if first {
                *end = Some(report);
            }
            first
        });
    }

    /// Waits for the report. The future does not keep the instance's entry alive.
    pub(crate) fn report(&self) -> impl Future<Output = ExitReport> + Send + use<> {
        let mut end = self.0.subscribe();
        async move {
            match end.wait_for(Option::is_some).await {
                Ok(report) => report.clone().unwrap_or_default(),
                // Whoever was to tell is gone, and so is the instance.
                Err(_) => ExitReport::default(),
            }
        }
    }
}
