use crate::id::CallId;

/// Something the runner's driver must do now, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "an action that is not carried out leaves the runner in the wrong state"]
pub enum TerminatorAction {
    /// Start the work.
    StartCall {
        /// Which.
        call: CallId,
    },
    /// Answer *not started*: draining, or already full.
    RefuseCall {
        /// Which.
        call: CallId,
        /// Whether the reason is the drain; otherwise every slot is taken.
        draining: bool,
    },
    /// Tell the work to end.
    CancelCall {
        /// Which.
        call: CallId,
    },
    /// Run the user's own check whether this runner may go. The answer is `IdleChecked`.
    RunIdleCheck,
    /// Answer the parent's question whether this runner is idle.
    AnswerIdle {
        /// Whether it is.
        idle: bool,
    },
    /// Tell the parent that no further work is taken.
    AnnounceDraining,
    /// Tell the parent that this runner ends.
    SayGoodbye,
    /// Let `serve()` return with this exit code.
    Stop {
        /// See [`exit`](crate::runner::exit).
        code: i32,
    },
    /// The work did not end in time, and the process must not outlive its purpose: exit at once.
    ExitProcess {
        /// See [`exit`](crate::runner::exit).
        code: i32,
    },
}
