use std::future::Future;

use flame_core::runner::exit;
use tokio::runtime::Builder;

use super::runner;

/// What `flame::test_runner!` writes into a test: nothing in an ordinary run, a runner's whole life in a copy.
#[doc(hidden)]
pub fn serve_test_runner(setup: impl Future<Output = ()>) {
    let Some(runner) = runner() else { return };
    #[expect(
        clippy::expect_used,
        reason = "a test that cannot have a runtime should fail at once"
    )]
    let app = Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime can be started");
    let served = app.block_on(async {
        setup.await;
        runner.serve().await
    });
    // The harness would go on to report a test that is not one.
    std::process::exit(served.map_or_else(|error| error.exit_code(), |()| exit::DONE));
}
