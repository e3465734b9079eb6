#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

pub mod guide;

#[doc(inline)]
pub use flame_core::backend::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitKind, ExitReport, Instance,
    Listed, OutputLine, OutputSink, OutputStream, PARENT_VARIABLE, ParentAddress, ParentText,
    Reach,
};
#[doc(inline)]
pub use flame_core::pool::{
    CallerKind, DrainReason, KindCounts, Placement, PoolCounts, PoolStage, PoolTotals, Rejections,
};
#[doc(inline)]
pub use flame_core::{InstanceName, PoolName, RunnerId};
#[cfg(feature = "fly")]
#[doc(inline)]
pub use flame_fly::{ConfigError as FlyConfigError, FlyBackend, FlyConfig, FlyError};
#[cfg(feature = "local")]
#[doc(inline)]
pub use flame_local::{ChildProcess, InProcess};
#[cfg(feature = "macros")]
#[doc(inline)]
pub use flame_macros::remote;
#[doc(inline)]
pub use flame_runtime::{
    Actor, AskError, BootCause, BootFailure, Call, CallError, CastFailure, CastHandle, CastOptions,
    EVENTS_KEPT, Event, Events, Growth, GrowthEnd, GrowthOutcome, HOOKS_QUEUED, LossReason,
    Mailbox, Map, OUTPUT_PER_SECOND, Outcome, Parent, PlaceOptions, Placed, PlacedTask, Pool,
    PoolBuilder, PoolOptions, PoolSnapshot, Reply, ResidentError, Runner, RunnerEnv, RunnerLost,
    RunnerSnapshot, ServeError, Shrink, StartError, is_runner, runner, termination,
};
#[cfg(feature = "tracing")]
#[doc(inline)]
pub use flame_runtime::{EVENTS_QUEUED, TracingLayer, tracing_layer};
#[doc(inline)]
pub use flame_task::{
    Blob, CHANNEL_CAPACITY, CHANNEL_ITEM_COST, CHANNEL_WINDOW, Ctx, PanicReport, Provided,
    RecvError, Resident, ResidentLoss, Rx, Secret, SendError, SendFailure, Task, Tx, Wire, call,
    channel, provide, task,
};

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

/// Makes a test binary able to be a runner: put it once into the tests, outside of any function.
///
/// A runner is a second copy of the running executable, which in a test is the test binary; started as it
/// stands it would run the tests once more. This writes one more test, `flame_test_runner`, that does nothing
/// in an ordinary run and is what the copy is started with. Works under `cargo test` and nextest.
///
/// The argument is a future that boots what the tasks need, as `main` does before `serve()`:
///
/// ```
/// flame::test_runner!(async { flame::provide(String::from("what the tasks need")) });
/// ```
#[macro_export]
macro_rules! test_runner {
    () => {
        $crate::test_runner!(async {});
    };
    ($setup:expr) => {
        #[test]
        fn flame_test_runner() {
            $crate::__private::serve_test_runner(async {
                $setup.await;
            });
        }
    };
}
