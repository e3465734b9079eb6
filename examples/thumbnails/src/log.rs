use std::io;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;

/// Sets up the log: the app writes it, and runners tell the app.
pub(crate) fn start(level: LevelFilter) -> anyhow::Result<()> {
    let written = || fmt::layer().with_writer(io::stderr).with_ansi(false);
    let subscriber = tracing_subscriber::registry()
        .with(level)
        .with(flame::tracing_layer())
        .with((!flame::is_runner()).then(written));
    Ok(tracing::subscriber::set_global_default(subscriber)?)
}
