//! A backend that does what it is told, for tests of what a pool makes of it.
//!
//! Its runners are tasks of the runtime that creates them, so that a test may pause time; nothing in
//! here waits for real time or draws a random number.
//!
//! ```
//! use std::time::Duration;
//!
//! use flame_core::backend::{Backend, BootError};
//! use flame_testkit::{ScriptedBackend, boot_request};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let backend = ScriptedBackend::new()
//!     .fails(BootError::no_capacity())
//!     .delays(Duration::from_secs(5))
//!     .boots();
//!
//! assert!(backend.create(&boot_request()).await.is_err());
//! assert!(backend.create(&boot_request()).await.is_ok());
//! # }
//! ```

mod journal;
mod script;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use flame_core::InstanceName;
use flame_core::backend::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitReport, Instance, Listed,
};
use flame_local::InProcess;
use tokio::sync::{oneshot, watch};
use tokio::time::sleep;

pub use journal::{Entry, Event};
use script::{Boot, Outcome, Runner};

/// A backend that boots, fails and dies on command.
///
/// The methods that take `self` write the script: one outcome for each `create`, in the order in which
/// they come. After the last one, everything boots.
pub struct ScriptedBackend {
    runners: InProcess,
    state: Mutex<State>,
    /// Changes with every entry, for those who wait for one.
    journal: watch::Sender<Vec<Entry>>,
}

#[derive(Default)]
struct State {
    script: VecDeque<Boot>,
    /// What the next outcome is preceded by.
    delay: Duration,
    failing_destroys: usize,
    /// What has been made and not been destroyed, each with what kills it.
    made: BTreeMap<InstanceName, Option<oneshot::Sender<ExitReport>>>,
}

impl ScriptedBackend {
    /// A backend where everything boots.
    pub fn new() -> Self {
        Self {
            runners: InProcess::on_current_runtime(),
            state: Mutex::default(),
            journal: watch::Sender::default(),
        }
    }

    /// The next instance boots, and its runner calls back.
    #[must_use]
    pub fn boots(self) -> Self {
        self.then(Outcome::Made(Runner::CallsBack))
    }

    /// The next instance is refused.
    #[must_use]
    pub fn fails(self, error: BootError) -> Self {
        self.then(Outcome::Refused(error))
    }

    /// The next instance exists, but its creator is told this error: the answer got lost on its way.
    #[must_use]
    pub fn boots_but_says(self, error: BootError) -> Self {
        self.then(Outcome::MadeButSays(error))
    }

    /// The next instance starts and lives on, but never calls back.
    #[must_use]
    pub fn never_calls_back(self) -> Self {
        self.then(Outcome::Made(Runner::IsSilent))
    }

    /// The next instance starts, and ends like this before it calls back.
    #[must_use]
    pub fn dies_before_calling_back(self, report: ExitReport) -> Self {
        self.then(Outcome::Made(Runner::Dies(report)))
    }

    /// The outcome that follows in the script takes this long. Until then there is no instance.
    #[must_use]
    pub fn delays(mut self, delay: Duration) -> Self {
        self.state_mut().delay += delay;
        self
    }

    /// The next `destroys` calls of `destroy` fail and destroy nothing.
    #[must_use]
    pub fn fails_to_destroy(mut self, destroys: usize) -> Self {
        self.state_mut().failing_destroys = destroys;
        self
    }

    /// Ends an instance like this, as if from outside. Its runner is dropped where it is.
    ///
    /// Returns whether it was alive until now.
    pub fn kill(&self, name: &InstanceName, report: ExitReport) -> bool {
        let killer = self.state().made.get_mut(name).and_then(Option::take);
        killer.is_some_and(|killer| killer.send(report).is_ok())
    }

    /// The name in the create call number `nth`, counted from zero, as soon as there is one.
    pub async fn nth_create(&self, nth: usize) -> InstanceName {
        let mut journal = self.journal.subscribe();
        loop {
            let created = journal
                .borrow_and_update()
                .iter()
                .filter(|entry| entry.event == Event::CreateCalled)
                .nth(nth)
                .map(|entry| entry.name.clone());
            if let Some(name) = created {
                return name;
            }
            // `self` holds the sender, so there can be another change.
            let _ = journal.changed().await;
        }
    }

    /// Everything that has been asked of this backend and what it made of it, oldest first.
    pub fn journal(&self) -> Vec<Entry> {
        self.journal.borrow().clone()
    }

    /// The instances that have been made and not been destroyed, even if they have ended: what a pool
    /// that is gone has leaked.
    pub fn undestroyed(&self) -> Vec<InstanceName> {
        self.state().made.keys().cloned().collect()
    }

    fn then(mut self, outcome: Outcome) -> Self {
        let state = self.state_mut();
        let delay = std::mem::take(&mut state.delay);
        state.script.push_back(Boot { delay, outcome });
        self
    }

    async fn make(&self, request: &BootRequest, runner: Runner) -> Result<Instance, BootError> {
        let (entry, killer) = runner.entry(&request.entry);
        let request = BootRequest {
            entry,
            ..request.clone()
        };
        self.state().made.insert(request.name.clone(), Some(killer));
        self.runners.create(&request).await
    }

    /// Whether the script wants this destroy to fail.
    fn takes_a_failing_destroy(&self) -> bool {
        let mut state = self.state();
        let fails = state.failing_destroys > 0;
        state.failing_destroys = state.failing_destroys.saturating_sub(1);
        fails
    }

    fn write(&self, name: &InstanceName, event: Event) {
        let entry = Entry::now(name.clone(), event);
        self.journal.send_modify(|journal| journal.push(entry));
    }

    /// Takes the next outcome, except for an instance that there is already.
    fn next_boot(&self, name: &InstanceName) -> Option<Boot> {
        let mut state = self.state();
        if state.made.contains_key(name) {
            return None;
        }
        Some(state.script.pop_front().unwrap_or_default())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&mut self) -> &mut State {
        self.state.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for ScriptedBackend {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ScriptedBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedBackend")
            .field("undestroyed", &self.undestroyed())
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Backend for ScriptedBackend {
    fn name(&self) -> &str {
        "scripted"
    }

    fn capabilities(&self) -> Capabilities {
        self.runners.capabilities()
    }

    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        self.write(&request.name, Event::CreateCalled);
        let Some(boot) = self.next_boot(&request.name) else {
            return self.runners.create(request).await;
        };
        if !boot.delay.is_zero() {
            sleep(boot.delay).await;
        }
        let created = match boot.outcome {
            Outcome::Refused(error) => Err(error),
            Outcome::Made(runner) => self.make(request, runner).await,
            Outcome::MadeButSays(error) => {
                self.make(request, Runner::CallsBack).await?;
                Err(error)
            }
        };
        let event = match &created {
            Ok(_) => Event::Created,
            Err(_) => Event::CreateFailed,
        };
        self.write(&request.name, event);
        created
    }

    async fn destroy(&self, name: &InstanceName) -> Result<(), DestroyError> {
        self.write(name, Event::DestroyCalled);
        if self.takes_a_failing_destroy() {
            self.write(name, Event::DestroyFailed);
            return Err(DestroyError::new("the script says so"));
        }
        self.runners.destroy(name).await?;
        self.state().made.remove(name);
        self.write(name, Event::Destroyed);
        Ok(())
    }

    async fn ended(&self, name: &InstanceName) -> ExitReport {
        self.runners.ended(name).await
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        self.runners.list().await
    }
}
