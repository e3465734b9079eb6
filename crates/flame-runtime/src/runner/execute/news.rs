use flame_core::CallId;
use flame_proto::frame::RunnerFrame;

/// What the driver hears of work.
#[derive(Debug)]
pub(in crate::runner) enum WorkNews {
    /// Placed work lives.
    Accepted(CallId),
    /// Work has ended.
    Ended(Ended),
}

/// Work that has really ended, and what the parent is told about it.
#[derive(Debug)]
pub(in crate::runner) struct Ended {
    pub(in crate::runner) call: CallId,
    pub(in crate::runner) frame: RunnerFrame,
}
