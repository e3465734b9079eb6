use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::threads::Threads;

/// Resolves when this process is told to end: at its first SIGTERM, by which platforms stop a process, or its
/// first SIGINT, which is Ctrl-C.
///
/// It is what a server's graceful shutdown waits for; [`Pool::shutdown`](crate::Pool::shutdown) comes after it.
/// For a program that does nothing else,
/// [`Pool::shutdown_on_termination`](crate::Pool::shutdown_on_termination) does both.
///
/// ```no_run
/// # use flame_runtime as flame;
/// # async fn serve_until(_shutdown: impl Future<Output = ()>) {}
/// # async fn run(pool: flame::Pool) {
/// serve_until(flame::termination()).await;
/// pool.shutdown().await;
/// # }
/// ```
///
/// The library catches these signals from the first poll on, and not before: a program that does not call this
/// keeps its own handlers. From then on they do not end the process any more, so the program must. It runs on any
/// executor. Should the signals not be catchable, that is logged as an error, and it never resolves.
pub async fn termination() {
    Terminations::watch().next().await;
}

/// The signals that tell this process to end, one after the other.
#[derive(Debug)]
pub(crate) struct Terminations(io::Result<Signals>);

#[derive(Debug)]
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Terminations {
    /// Catches the signals from now on.
    pub(crate) fn watch() -> Self {
        // On a runtime of the library: the caller may not be on tokio, or its runtime may not drive signals.
        let threads = Threads::library();
        let _here = threads.control().enter();
        Self(Signals::catch())
    }

    /// Resolves at the next one. Cancel safe.
    pub(crate) async fn next(&mut self) {
        match &mut self.0 {
            Ok(signals) => signals.next().await,
            Err(error) => {
                tracing::error!(%error, "SIGTERM and SIGINT cannot be caught");
                std::future::pending::<()>().await;
            }
        }
    }
}

impl Signals {
    fn catch() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        // Neither stream ends as long as the library's threads live, which is as long as the process.
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
