//! Handles of the values that calls have left on their runners.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Weak};

use flame_core::pool::{PoolEvent, PoolStage};
use flame_core::{CallerId, RunnerId};
use flame_proto::frame::ParentFrame;
use flame_task::{BoxFuture, Outbound, RemoteValue, RemoteValues, ResidentLoss};
use tokio::sync::watch;

use super::records;
use super::shared::{Inner, Shared};
use crate::error::{CallError, LossReason, ResidentError};

/// All values that one call has left: they keep one slot together.
pub(super) struct Group {
    pool: Weak<Shared>,
    caller: CallerId,
    runner: RunnerId,
    label: String,
    loss: watch::Sender<Option<ResidentLoss>>,
}

/// A handle of one value, which clones share.
pub(super) struct Handle {
    number: u64,
    group: Arc<Group>,
}

impl Group {
    fn is_lost(&self) -> bool {
        self.loss.borrow().is_some()
    }
}

impl RemoteValue for Handle {
    fn number(&self) -> u64 {
        self.number
    }

    fn runner(&self) -> &str {
        &self.group.label
    }

    fn closed(&self) -> BoxFuture<'static, ResidentLoss> {
        let mut loss = self.group.loss.subscribe();
        Box::pin(async move {
            let lost = loss.wait_for(Option::is_some).await;
            let lost = lost.ok().and_then(|lost| lost.clone());
            // Whoever could have told is gone, and so is the value.
            lost.unwrap_or(ResidentLoss::Released)
        })
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("number", &self.number)
            .field("runner", &self.group.label)
            .finish_non_exhaustive()
    }
}

// A handle may go while the pool's lock is held, so the news of that takes it later.

impl Drop for Handle {
    fn drop(&mut self) {
        if self.group.is_lost() {
            return;
        }
        if let Some(pool) = self.group.pool.upgrade() {
            let (runner, resident) = (self.group.runner, self.number);
            pool.threads.clone().spawn_control(async move {
                Shared::send(&pool.lock(), runner, ParentFrame::Release { resident });
            });
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(pool) = self.pool.upgrade() {
            let caller = self.caller;
            let is_lost = self.is_lost();
            pool.threads.clone().spawn_control(async move {
                let mut inner = pool.lock();
                inner.residents.remove(&caller);
                if !is_lost {
                    pool.handle_locked(&mut inner, PoolEvent::ResidentsReleased { caller });
                }
            });
        }
    }
}

impl Shared {
    /// Handles of what a call has left on its runner.
    pub(super) fn keep(
        self: &Arc<Self>,
        inner: &mut Inner,
        runner: RunnerId,
        caller: CallerId,
        numbers: Vec<u64>,
    ) -> RemoteValues {
        if numbers.is_empty() {
            return RemoteValues::default();
        }
        let label = inner.runners.get(&runner).map_or_else(
            || runner.to_string(),
            |record| records::label(&record.instance, record.provider_id.as_deref()),
        );
        let group = Arc::new(Group {
            pool: Arc::downgrade(self),
            caller,
            runner,
            label,
            loss: watch::Sender::new(None),
        });
        inner.residents.insert(caller, Arc::downgrade(&group));
        let handle = |number| -> Arc<dyn RemoteValue> {
            let group = group.clone();
            Arc::new(Handle { number, group })
        };
        numbers.into_iter().map(handle).collect()
    }

    /// Tells the owners of what the call has left on a runner that it is lost.
    pub(super) fn lose_residents(&self, inner: &mut Inner, caller: CallerId, runner: RunnerId) {
        let Some(group) = inner.residents.remove(&caller).and_then(|it| it.upgrade()) else {
            return;
        };
        let reason = inner
            .runners
            .get(&runner)
            .and_then(|record| record.loss.as_ref());
        let loss = match (inner.state.stage(), reason) {
            (PoolStage::Killing, _) => ResidentLoss::PoolKilled,
            (PoolStage::ShuttingDown, None) => ResidentLoss::PoolShutdown,
            (_, reason) => ResidentLoss::RunnerLost {
                runner: group.label.clone(),
                reason: reason.map_or_else(ended, LossReason::to_string),
            },
        };
        group.loss.send_replace(Some(loss));
    }

    /// The call whose values work needs that takes these handles along.
    pub(super) fn pin(self: &Arc<Self>, work: &Outbound) -> Result<Option<CallerId>, CallError> {
        self.home_of(work.carried.as_slice()).map_err(|error| {
            let task = work.name();
            CallError::Resident { task, error }
        })
    }

    fn home_of(
        self: &Arc<Self>,
        carried: &[Arc<dyn RemoteValue>],
    ) -> Result<Option<CallerId>, ResidentError> {
        let mut home: Option<&Group> = None;
        for remote in carried {
            let remote: &dyn Any = &**remote;
            let handle = remote.downcast_ref::<Handle>();
            let group = handle.map(|handle| &*handle.group);
            let ours = group.filter(|group| std::ptr::eq(group.pool.as_ptr(), Arc::as_ptr(self)));
            let group = ours.ok_or(ResidentError::OtherPool)?;
            if group.is_lost() {
                return Err(ResidentError::Gone);
            }
            if home.is_some_and(|home| home.runner != group.runner) {
                return Err(ResidentError::SeveralRunners);
            }
            home = home.or(Some(group));
        }
        Ok(home.map(|group| group.caller))
    }
}

/// A runner that was not lost has ended by itself, or was told to.
fn ended() -> String {
    "it has ended".to_owned()
}
