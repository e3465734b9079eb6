//! What a pool tells of what it does, one method for each occasion.

use std::time::Instant;

use flame_core::RunnerId;
use flame_core::pool::DrainReason;
use flame_core::runner::RunnerPhase;

use super::Event;
use crate::error::{BootFailure, LossReason};
use crate::pool::records::RunnerRecord;
use crate::pool::shared::Inner;

/// What was told so far, as far as the next news depend on it.
#[derive(Debug, Default)]
pub(in crate::pool) struct Told {
    /// How many runners there are, by what was told of them. The state is ahead of that by the actions that are
    /// still to be carried out.
    runners: usize,
    /// How many were poisoned.
    poisoned: u64,
    is_degraded: bool,
}

impl Inner {
    pub(in crate::pool) fn tell_booting(&mut self, runner: RunnerId) {
        let Some(record) = self.runners.get(&runner) else {
            return;
        };
        self.outlet.told.runners += 1;
        let runners = self.outlet.told.runners;
        self.outlet.tell(|| Event::Booting {
            runner,
            name: record.label(),
            runners,
        });
    }

    pub(in crate::pool) fn tell_ready(&mut self, runner: RunnerId, now: Instant) {
        let runners = self.outlet.told.runners;
        let Some(record) = self.runners.get(&runner) else {
            return;
        };
        self.outlet.tell(|| Event::Ready {
            runner,
            name: record.label(),
            after: now.saturating_duration_since(record.booted_at),
            runners,
        });
    }

    /// Tells the first reason for which a runner drains, and no further one.
    pub(in crate::pool) fn tell_draining(&mut self, runner: RunnerId, reason: DrainReason) {
        let Some(record) = self.runners.get_mut(&runner) else {
            return;
        };
        if record.destroying || std::mem::replace(&mut record.draining, true) {
            return;
        }
        self.outlet.tell(|| Event::Draining {
            runner,
            name: record.label(),
            reason,
        });
    }

    /// Tells how a boot or a runner has ended, before its instance is destroyed for the first time.
    pub(in crate::pool) fn tell_ended(&mut self, runner: RunnerId) {
        let record = self.runners.get(&runner);
        let Some(record) = record.filter(|record| !record.destroying) else {
            return;
        };
        self.outlet.told.runners -= 1;
        let runners = self.outlet.told.runners;
        self.outlet.tell(|| ended(runner, record, runners));
    }

    pub(in crate::pool) fn tell_gone(&mut self, runner: RunnerId) {
        let Some(record) = self.runners.get(&runner) else {
            return;
        };
        self.outlet.tell(|| Event::Gone {
            runner,
            name: record.label(),
        });
    }

    /// Tells of runners that take no further calls because work on them does not stop. One that ends for that at
    /// once is lost, which is told then.
    pub(in crate::pool) fn tell_poisoned(&mut self) {
        let poisoned = self.state.poisonings();
        if std::mem::replace(&mut self.outlet.told.poisoned, poisoned) == poisoned {
            return;
        }
        let runners: Vec<_> = self
            .state
            .runners()
            .filter(|(_, phase, _)| *phase == RunnerPhase::Poisoned)
            .map(|(runner, _, _)| runner)
            .collect();
        for runner in runners {
            self.tell_draining(runner, DrainReason::WorkDoesNotStop);
        }
    }

    /// Tells when boots keep failing, and when that is over.
    pub(in crate::pool) fn tell_health(&mut self) {
        let is_degraded = self.state.is_degraded();
        if std::mem::replace(&mut self.outlet.told.is_degraded, is_degraded) == is_degraded {
            return;
        }
        let failures = self.state.counts().boot_failures;
        self.outlet.tell(|| match is_degraded {
            true => Event::Degraded { failures },
            false => Event::Recovered,
        });
    }
}

fn ended(runner: RunnerId, record: &RunnerRecord, runners: usize) -> Event {
    let name = record.label();
    match (&record.session, &record.failure) {
        (None, None) => Event::BootGivenUp {
            runner,
            name,
            runners,
        },
        (None, Some(cause)) => Event::BootFailed {
            runner,
            name,
            failure: BootFailure::new(record.instance.to_string(), cause.clone()),
            runners,
        },
        (Some(_), _) if record.finished && record.lost_calls == 0 => Event::Finished {
            runner,
            name,
            runners,
        },
        (Some(_), _) => Event::Lost {
            runner,
            name,
            reason: record.loss.clone().unwrap_or(LossReason::Poisoned),
            calls: record.lost_calls,
            runners,
        },
    }
}

#[cfg(test)]
mod tests {
    use flame_core::quota::Quota;
    use std::collections::BTreeMap;

    use flame_core::InstanceName;
    use tokio::sync::watch;

    use super::*;
    use crate::parent::Session;
    use crate::pool::PoolOptions;
    use crate::pool::settings::PoolSettings;

    /// A runner that was ready.
    fn record() -> RunnerRecord {
        let options = PoolOptions {
            max: Some(1),
            ..PoolOptions::default()
        };
        let settings = PoolSettings::resolve("p", &options, &Default::default()).unwrap();
        let session = Session::open(RunnerId(7), &settings.session(true));
        RunnerRecord {
            instance: InstanceName::new(&"p".parse().unwrap(), 1, RunnerId(7)),
            provider_id: None,
            booted_at: Instant::now(),
            boot: None,
            exit: watch::channel(None).1,
            session: Some(session),
            failure: None,
            loss: None,
            draining: false,
            lost_calls: 0,
            finished: true,
            destroying: false,
            calls: BTreeMap::new(),
            last_call: 0,
            events: Quota::per_second(1),
        }
    }

    #[test]
    fn a_goodbye_that_crossed_with_a_call_is_told_as_the_loss_that_its_caller_was_told() {
        let mut record = record();
        let event = ended(RunnerId(7), &record, 0);
        assert!(matches!(event, Event::Finished { .. }), "{event}");
        record.lost_calls = 1;
        let event = ended(RunnerId(7), &record, 0);
        assert!(matches!(event, Event::Lost { calls: 1, .. }), "{event}");
    }
}
