use flame_core::pool::{CancelReason, PoolAction, PoolEvent, RejectReason, Retry};
use flame_core::runner::RunnerPhase;
use flame_core::{CallerId, RunnerId};

use super::ledger::{Node, Place, Runner, Use};
use super::scope::Scope;

impl Node {
    /// Carries out an action of the pool, and makes sure that it was a right one.
    pub(super) fn write_action(
        &mut self,
        action: PoolAction,
        news: Option<PoolEvent>,
        scope: &Scope,
    ) {
        match action {
            PoolAction::BootInstance { runner } => self.boot(runner),
            PoolAction::WelcomeRunner { runner } => {
                assert_eq!(news, Some(PoolEvent::RunnerAttached { runner }));
                self.enter(runner, RunnerPhase::Booting, RunnerPhase::Ready);
                self.no_boot_before = None;
            }
            PoolAction::RefuseRunner { runner } => {
                panic!("{runner} is refused although its boot is under way")
            }
            PoolAction::GrantSlot { caller, runner } => self.grant(caller, runner, scope),
            PoolAction::RejectCaller { caller, reason } => self.reject(caller, reason, news),
            PoolAction::RetryCaller { caller, runner } => self.retry(caller, runner),
            PoolAction::ExpireCaller { caller } => {
                assert!(self.is_awaited(caller), "{caller} is told twice");
                self.stop_awaiting(caller);
            }
            PoolAction::LoseCaller { caller, runner } => self.lose(caller, runner, news),
            PoolAction::CancelCall {
                caller,
                runner,
                reason,
            } => {
                assert!(self.on(runner).any(|(id, _)| id == caller));
                self.change_work(caller, |awaited, cancelled| {
                    let is_answer = reason == CancelReason::PoolShutdown;
                    let is_news = !*cancelled || is_answer && *awaited;
                    assert!(is_news, "{caller} is cancelled twice");
                    *cancelled = true;
                    *awaited &= !is_answer;
                });
            }
            PoolAction::TellLimits { runner } => {
                let is_change = matches!(news, Some(PoolEvent::LimitsChanged { .. }));
                assert!(is_change && self.has_session(runner), "{runner} is told");
            }
            PoolAction::SuspectLink => unreachable!("nobody is silent here"),
            PoolAction::FailBoot { runner } => {
                assert_eq!(self.runners[&runner].phase, RunnerPhase::Booting);
            }
            PoolAction::LoseResidents { caller, runner } => {
                let what = Use::Values;
                assert_eq!(self.callers[&caller], Place::On { runner, what });
                self.end(caller);
            }
            PoolAction::ProposeIdle { runner } => {
                let is_idle = self.is_ready(runner) && self.on(runner).count() == 0;
                assert!(is_idle && !self.is_asked_to_go(runner), "{runner} is asked");
                let now = self.now;
                self.change(runner, |runner| runner.asked_at = Some(now));
            }
            PoolAction::DrainRunner { runner, .. } => {
                self.enter(runner, RunnerPhase::Ready, RunnerPhase::Draining);
            }
            PoolAction::DestroyInstance { runner } => self.destroy(runner),
            PoolAction::ConfirmShutdown => {
                assert!(self.shutting_down && !self.ended && self.runners.is_empty());
                self.ended = true;
            }
        }
    }

    fn boot(&mut self, runner: RunnerId) {
        assert!(!self.shutting_down, "{runner} boots during the shutdown");
        assert_eq!(runner, RunnerId(self.boots), "not a new number");
        let is_pausing = self.no_boot_before.is_some_and(|at| self.now < at);
        assert!(!is_pausing, "{runner} boots during the pause");
        self.boots += 1;
        self.runners.insert(
            runner,
            Runner {
                phase: RunnerPhase::Booting,
                asked_at: None,
                was_used: false,
                being_destroyed: false,
            },
        );
    }

    fn grant(&mut self, caller: CallerId, runner: RunnerId, scope: &Scope) {
        assert!(
            !self.shutting_down,
            "{caller} is granted during the shutdown"
        );
        let first = self.first_for(caller, runner);
        assert_eq!(first, Some(caller), "not first come");
        let slot = self.slot_for(caller);
        match self.pins.get(&caller) {
            None => self.check_placement(runner, scope),
            Some(&group) => {
                let home = self.home_of(group).map(|(home, _)| home);
                assert_eq!(home, Some(runner), "{caller} goes where its values are not");
                let has_slot = slot != caller || self.is_open(runner, scope);
                assert!(has_slot, "{runner} takes no more calls");
            }
        }
        self.slots.insert(caller, slot);
        let what = Use::Work {
            awaited: true,
            cancelled: false,
        };
        self.callers.insert(caller, Place::On { runner, what });
        self.change(runner, |runner| {
            runner.was_used = true;
            runner.asked_at = None;
        });
    }

    fn check_placement(&self, runner: RunnerId, scope: &Scope) {
        assert!(self.is_open(runner, scope), "{runner} takes no calls");
        let used = self.used(runner);
        let emptier = self
            .in_phase(RunnerPhase::Ready)
            .find(|&other| self.is_open(other, scope) && self.used(other) < used);
        assert_eq!(emptier, None, "{runner} is not the least used");
    }

    /// Work may begin again that nobody told to end, and that needs nothing of what is lost with it.
    fn may_begin_again(&self, caller: CallerId) -> bool {
        let what = match self.callers[&caller] {
            Place::On { what, .. } => Some(what),
            Place::Waiting | Place::Over => None,
        };
        let unharmed = Use::Work {
            awaited: true,
            cancelled: false,
        };
        let may_move = self.trials[&caller].left > 0 && !self.pins.contains_key(&caller);
        what == Some(unharmed) && may_move
    }

    /// Whether the time of the pool's drain is over in this very instant; what came before may still be told.
    fn is_just_over(&self) -> bool {
        self.drain_until == Some(self.now)
    }

    fn retry(&mut self, caller: CallerId, runner: RunnerId) {
        assert!(self.on(runner).any(|(id, _)| id == caller));
        assert!(self.may_begin_again(caller), "{caller} begins again");
        assert!(
            !self.shutting_down || self.is_just_over(),
            "{caller} begins again"
        );
        self.callers.insert(caller, Place::Waiting);
        if let Some(trial) = self.trials.get_mut(&caller) {
            trial.left -= 1;
            trial.lost_on = Some(runner);
        }
    }

    fn lose(&mut self, caller: CallerId, runner: RunnerId, news: Option<PoolEvent>) {
        if self.callers[&caller] == Place::Waiting {
            // It was lost before, and now it is certain that its work cannot be begun again.
            assert_eq!(self.trials[&caller].lost_on, Some(runner));
            let is_right = self.shutting_down || is_hopeless(news) || news.is_none();
            assert!(is_right, "{caller} is lost although it may wait");
        } else {
            let is_on = self.on(runner).any(|(id, _)| id == caller);
            assert!(is_on && self.is_awaited(caller), "{caller} is not lost");
            let is_last = !self.may_begin_again(caller) || self.shutting_down;
            assert!(is_last, "{caller} could begin again");
        }
        self.end(caller);
    }

    fn reject(&mut self, caller: CallerId, reason: RejectReason, news: Option<PoolEvent>) {
        assert_eq!(
            self.callers[&caller],
            Place::Waiting,
            "{caller}: {reason:?}"
        );
        let is_right = match reason {
            RejectReason::BootFailed => is_hopeless(news),
            RejectReason::PoolShutdown => {
                self.shutting_down || self.draining && is_arrival(caller, news)
            }
            // Its patience for the queue may have ended while its work was out.
            RejectReason::QueueTimeout => {
                news.is_none_or(|news| news == PoolEvent::CallReturned { caller })
            }
            RejectReason::ResidentsGone => {
                let pin = self.pins.get(&caller);
                pin.is_some_and(|&group| self.home_of(group).is_none())
            }
            RejectReason::QueueFull => false,
        };
        assert!(is_right, "{caller} is rejected: {reason:?}");
        let lost_on = self.trials[&caller].lost_on;
        assert_eq!(lost_on, None, "{caller} may have run");
        self.end(caller);
    }

    fn destroy(&mut self, id: RunnerId) {
        assert!(
            !self.runners[&id].being_destroyed,
            "{id} is destroyed twice"
        );
        for (caller, what) in self.on(id).collect::<Vec<_>>() {
            let is_silent = match what {
                Use::Work { awaited, .. } => !awaited,
                Use::Values => false,
            };
            assert!(is_silent, "{caller} was not told that {id} is lost");
            self.end(caller);
        }
        self.change(id, |runner| {
            runner.phase = RunnerPhase::Reaping;
            runner.being_destroyed = true;
        });
    }

    fn enter(&mut self, id: RunnerId, from: RunnerPhase, to: RunnerPhase) {
        self.change(id, |runner| {
            assert_eq!(runner.phase, from, "{id} becomes {to:?}");
            runner.phase = to;
        });
    }

    fn has_session(&self, runner: RunnerId) -> bool {
        let phase = self.runners[&runner].phase;
        phase > RunnerPhase::Booting && phase < RunnerPhase::Reaping
    }

    fn is_ready(&self, runner: RunnerId) -> bool {
        self.runners[&runner].phase == RunnerPhase::Ready
    }
}

fn is_arrival(id: CallerId, news: Option<PoolEvent>) -> bool {
    matches!(news, Some(PoolEvent::CheckoutRequested { caller, .. }) if caller == id)
}

fn is_hopeless(news: Option<PoolEvent>) -> bool {
    let Some(PoolEvent::BootFailed { retry, .. }) = news else {
        return false;
    };
    retry == Retry::Never
}
