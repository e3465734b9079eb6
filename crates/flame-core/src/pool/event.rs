use std::time::Instant;

use super::{CallerKind, PoolLimits, PoolTimeouts};
use crate::id::{CallerId, RunnerId};

/// Something that happened to the pool.
///
/// Every event may come late, twice or for somebody unknown; that is counted and changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PoolEvent {
    /// Somebody wants a slot.
    CheckoutRequested {
        /// A caller never seen before.
        caller: CallerId,
        /// What it asks for.
        kind: CallerKind,
        /// When the caller's whole patience ends, waiting and running together.
        deadline: Option<Instant>,
        /// When the caller gives up waiting for a slot, if earlier.
        queue_deadline: Option<Instant>,
        /// How often its work may be begun again after its runner was lost.
        retries: u32,
        /// The call whose left values it needs: it can run on their runner alone, and never again once they are
        /// gone.
        pin: Option<CallerId>,
    },
    /// The caller does not want its result any more. If it runs, its slot is free only when the runner
    /// has confirmed the end.
    CallerGone {
        /// Who left.
        caller: CallerId,
    },
    /// A child has begun its life: placing it took no longer than its deadline, which is over. From here on it
    /// lives until it ends, and is never begun again. Nothing to other kinds of callers.
    ChildAccepted {
        /// Whose child.
        caller: CallerId,
    },
    /// The runner confirmed that the caller's work has ended, however it ended.
    CallEnded {
        /// Whose work.
        caller: CallerId,
        /// How.
        end: WorkEnd,
        /// What becomes of its slot.
        slot: SlotAfter,
    },
    /// The work was not started: the runner said that it is draining or full, or no byte of the call was
    /// handed to the transport. It may be granted again.
    CallReturned {
        /// Whose work.
        caller: CallerId,
    },
    /// The last of the values that an ended call left on its runner is gone.
    ResidentsReleased {
        /// The call that left them.
        caller: CallerId,
    },
    /// An instance called back and proved who it is. The answer is `WelcomeRunner` or `RefuseRunner`.
    RunnerAttached {
        /// The boot that it belongs to.
        runner: RunnerId,
    },
    /// A boot ended without a runner: the backend refused it, or the instance died before it called back.
    BootFailed {
        /// The boot.
        runner: RunnerId,
        /// Whether another try makes sense.
        retry: Retry,
    },
    /// The runner answered `ProposeIdle`.
    IdleAnswered {
        /// Who answered.
        runner: RunnerId,
        /// Whether it agrees to go.
        idle: bool,
    },
    /// The runner announced that it drains for a reason of its own, such as a signal.
    RunnerDraining {
        /// Who drains.
        runner: RunnerId,
    },
    /// The runner said goodbye: it has no work and ends.
    RunnerFinished {
        /// Who ends.
        runner: RunnerId,
    },
    /// The runner's session ended without a goodbye.
    RunnerLost {
        /// Who was lost.
        runner: RunnerId,
    },
    /// The runner's session ended because nothing came over it for too long.
    RunnerSilent {
        /// Who was silent.
        runner: RunnerId,
    },
    /// The backend confirmed that the instance does not exist any more.
    InstanceGone {
        /// Whose instance.
        runner: RunnerId,
    },
    /// The backend could not end the instance; it is asked again after a pause.
    DestroyFailed {
        /// Whose instance.
        runner: RunnerId,
    },
    /// The owner wants other limits or timeouts, from now on. Instants that are set already stay.
    LimitsChanged {
        /// All limits.
        limits: PoolLimits,
        /// All timeouts.
        timeouts: PoolTimeouts,
    },
    /// The owner wants the pool to serve the callers that it has, and to end.
    DrainRequested {
        /// When it ends even if it has callers.
        until: Option<Instant>,
    },
    /// The owner wants the pool to end.
    ShutdownRequested,
    /// The owner wants the pool to end without waiting for any work.
    KillRequested,
}

/// How work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WorkEnd {
    /// With its result.
    Returned,
    /// With a panic, or with a result that could not travel.
    Failed,
    /// Before it began: the runner refused it, and any other would. A caller whose work was lost on another
    /// runner before cannot be told so; it hears of that loss, and counts as lost.
    NotStarted,
    /// By its cancel.
    Cancelled,
}

/// What becomes of the slot of an ended call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotAfter {
    /// It is free.
    Free,
    /// The call left values on its runner, which keep the slot until `ResidentsReleased`.
    KeptByResidents,
}

/// Whether another boot may succeed where one has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retry {
    /// After a pause.
    Later,
    /// Not as things are configured: whoever waits is told at once.
    Never,
}
