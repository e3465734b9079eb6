use std::time::{Duration, Instant};

use flame_core::pool::{CallerKind, PoolEvent, Retry, SlotAfter, WorkEnd};
use flame_core::runner::RunnerPhase;
use flame_core::{CallerId, RunnerId};

use super::caller::Caller;
use super::naive::Naive;
use super::runner::Runner;
use super::settings::Settings;

/// Something that happens to a pool, or time that passes.
///
/// It names callers and runners by what they are at that moment, not by their ids, so that it still makes
/// sense when what came before it is left out.
#[derive(Clone, Copy, Debug)]
pub(super) enum Happening {
    /// Somebody new comes.
    Comes {
        kind: CallerKind,
        deadline: Option<Duration>,
        queue_deadline: Option<Duration>,
        retries: u32,
        /// Whose values it needs, if any are there.
        pin: Option<Pick>,
    },
    OfCaller {
        news: CallerNews,
        who: Pick,
    },
    OfRunner {
        news: RunnerNews,
        which: Pick,
    },
    IsReconfigured(Settings),
    /// The owner wants it to end when its callers are served, or after a while.
    Drains(Option<Duration>),
    ShutsDown,
    IsKilled,
    /// Time passes until the pool wants to be woken.
    Wakes,
    /// Time passes, and the pool is woken whenever it wants to be.
    Waits(Duration),
    /// Time passes, and nobody wakes the pool.
    Sleeps(Duration),
    /// The clock goes back for what happens next, which it must not.
    GoesBack(Duration),
}

/// One of several.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pick {
    /// One to whom it can happen.
    Fitting(usize),
    /// One of all that ever were, or one that never was.
    Any(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallerNews {
    ComesAgain,
    Gone,
    Accepted,
    Ended(WorkEnd),
    EndedLeavingValues,
    Returned,
    Released,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RunnerNews {
    Attached,
    BootFailed,
    BootFailedForGood,
    AgreesToGo,
    RefusesToGo,
    Draining,
    Finished,
    Lost,
    Silent,
    Destroyed,
    NotDestroyed,
}

impl Happening {
    /// The event that it is to this pool at this moment, if it is one and there is anybody whom it befalls.
    pub(super) fn event(self, model: &Naive, now: Instant) -> Option<PoolEvent> {
        match self {
            Self::Comes {
                kind,
                deadline,
                queue_deadline,
                retries,
                pin,
            } => Some(PoolEvent::CheckoutRequested {
                caller: CallerId(u64::try_from(model.callers.len()).unwrap()),
                kind,
                deadline: deadline.map(|span| now + span),
                queue_deadline: queue_deadline.map(|span| now + span),
                retries,
                pin: pin.and_then(|whose| CallerNews::Released.pick(whose, model)),
            }),
            // A caller that was given up in the meantime would be somebody new.
            Self::OfCaller {
                news: CallerNews::ComesAgain,
                ..
            } if model.next_due().is_some_and(|due| due <= now) => None,
            Self::OfCaller { news, who } => Some(news.event(news.pick(who, model)?)),
            Self::OfRunner { news, which } => Some(news.event(news.pick(which, model)?)),
            Self::IsReconfigured(Settings {
                limits, timeouts, ..
            }) => Some(PoolEvent::LimitsChanged { limits, timeouts }),
            Self::Drains(span) => Some(PoolEvent::DrainRequested {
                until: span.map(|span| now + span),
            }),
            Self::ShutsDown => Some(PoolEvent::ShutdownRequested),
            Self::IsKilled => Some(PoolEvent::KillRequested),
            Self::Wakes | Self::Waits(_) | Self::Sleeps(_) | Self::GoesBack(_) => None,
        }
    }
}

impl CallerNews {
    pub(super) const ALL: [Self; 10] = [
        Self::ComesAgain,
        Self::Gone,
        Self::Accepted,
        Self::Ended(WorkEnd::Returned),
        Self::Ended(WorkEnd::Failed),
        Self::Ended(WorkEnd::NotStarted),
        Self::Ended(WorkEnd::Cancelled),
        Self::EndedLeavingValues,
        Self::Returned,
        Self::Released,
    ];

    /// Whether it can happen to this caller.
    pub(super) fn fits(self, caller: &Caller) -> bool {
        match self {
            Self::ComesAgain => caller.waits() || caller.slot.is_some(),
            Self::Gone => caller.answer.is_none(),
            Self::Accepted => caller.is_unborn_child(),
            Self::Ended(_) | Self::EndedLeavingValues | Self::Returned => caller.works(),
            Self::Released => caller.has_values(),
        }
    }

    fn pick(self, who: Pick, model: &Naive) -> Option<CallerId> {
        let fitting = model.callers.iter().filter(|caller| self.fits(caller));
        let ids = fitting.map(|caller| caller.id).collect::<Vec<_>>();
        match who {
            Pick::Fitting(place) if !ids.is_empty() => Some(ids[place % ids.len()]),
            Pick::Fitting(_) => None,
            Pick::Any(place) => {
                let place = place % (model.callers.len() + 1);
                Some(CallerId(u64::try_from(place).unwrap()))
            }
        }
    }

    fn event(self, caller: CallerId) -> PoolEvent {
        match self {
            Self::ComesAgain => PoolEvent::CheckoutRequested {
                caller,
                kind: CallerKind::Call,
                deadline: None,
                queue_deadline: None,
                retries: 0,
                pin: None,
            },
            Self::Gone => PoolEvent::CallerGone { caller },
            Self::Accepted => PoolEvent::ChildAccepted { caller },
            Self::Ended(end) => PoolEvent::CallEnded {
                caller,
                end,
                slot: SlotAfter::Free,
            },
            Self::EndedLeavingValues => PoolEvent::CallEnded {
                caller,
                end: WorkEnd::Returned,
                slot: SlotAfter::KeptByResidents,
            },
            Self::Returned => PoolEvent::CallReturned { caller },
            Self::Released => PoolEvent::ResidentsReleased { caller },
        }
    }
}

impl RunnerNews {
    pub(super) const ALL: [Self; 11] = [
        Self::Attached,
        Self::BootFailed,
        Self::BootFailedForGood,
        Self::AgreesToGo,
        Self::RefusesToGo,
        Self::Draining,
        Self::Finished,
        Self::Lost,
        Self::Silent,
        Self::Destroyed,
        Self::NotDestroyed,
    ];

    /// Whether it can happen to this runner.
    pub(super) fn fits(self, runner: &Runner) -> bool {
        match self {
            Self::Attached | Self::BootFailed | Self::BootFailedForGood => runner.is_booting(),
            Self::AgreesToGo | Self::RefusesToGo => runner.is_asked,
            Self::Draining => runner.is_ready(),
            Self::Finished | Self::Lost | Self::Silent => runner.lives(),
            Self::Destroyed | Self::NotDestroyed => runner.phase == RunnerPhase::Reaping,
        }
    }

    fn pick(self, which: Pick, model: &Naive) -> Option<RunnerId> {
        let fitting = model.runners.iter().filter(|runner| self.fits(runner));
        let ids = fitting.map(|runner| runner.id).collect::<Vec<_>>();
        match which {
            Pick::Fitting(place) if !ids.is_empty() => Some(ids[place % ids.len()]),
            Pick::Fitting(_) => None,
            Pick::Any(place) => {
                let place = place % (model.runners.len() + 1);
                Some(RunnerId(u64::try_from(place).unwrap()))
            }
        }
    }

    fn event(self, runner: RunnerId) -> PoolEvent {
        match self {
            Self::Attached => PoolEvent::RunnerAttached { runner },
            Self::BootFailed => PoolEvent::BootFailed {
                runner,
                retry: Retry::Later,
            },
            Self::BootFailedForGood => PoolEvent::BootFailed {
                runner,
                retry: Retry::Never,
            },
            Self::AgreesToGo => PoolEvent::IdleAnswered { runner, idle: true },
            Self::RefusesToGo => PoolEvent::IdleAnswered {
                runner,
                idle: false,
            },
            Self::Draining => PoolEvent::RunnerDraining { runner },
            Self::Finished => PoolEvent::RunnerFinished { runner },
            Self::Lost => PoolEvent::RunnerLost { runner },
            Self::Silent => PoolEvent::RunnerSilent { runner },
            Self::Destroyed => PoolEvent::InstanceGone { runner },
            Self::NotDestroyed => PoolEvent::DestroyFailed { runner },
        }
    }
}
