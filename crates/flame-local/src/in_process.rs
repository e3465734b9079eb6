//! Runners as tasks of this process.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use flame_core::InstanceName;
use flame_core::backend::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitKind, ExitReport, Instance,
    Listed, Reach, RunnerFuture,
};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::{AbortHandle, JoinError};

use crate::end::End;

/// The threads of the runtime that [`InProcess::new`] has of its own.
const THREADS: usize = 2;

/// Boots each runner as a task of this process.
///
/// Values still travel as bytes, so what works here works in another process. What is shared all the
/// same is the process: a task that aborts it takes the parent along, and a body that never yields is
/// not ended by [`destroy`](Backend::destroy), which then waits for it.
pub struct InProcess {
    place: Place,
    tasks: Mutex<BTreeMap<InstanceName, Arc<Task>>>,
}

/// Where the runners run.
enum Place {
    /// On a runtime of this backend, made for the first runner.
    Own(Mutex<Option<Runtime>>),
    /// On the runtime that polls [`Backend::create`].
    Current,
}

/// One runner.
struct Task {
    abort: AbortHandle,
    end: End,
}

impl InProcess {
    /// Runners on a runtime of their own with two threads, started for the first of them.
    pub fn new() -> Self {
        Self::at(Place::Own(Mutex::default()))
    }

    /// Runners on the runtime on which they are created, so that tests can pause its time.
    pub fn on_current_runtime() -> Self {
        Self::at(Place::Current)
    }

    fn at(place: Place) -> Self {
        Self {
            place,
            tasks: Mutex::default(),
        }
    }

    fn runtime(&self) -> Result<Handle, BootError> {
        match &self.place {
            Place::Current => Ok(Handle::current()),
            Place::Own(own) => {
                let mut own = own.lock().unwrap_or_else(PoisonError::into_inner);
                let runtime = match own.take() {
                    Some(runtime) => runtime,
                    None => start_runtime()?,
                };
                Ok(own.insert(runtime).handle().clone())
            }
        }
    }

    fn task(&self, name: &InstanceName) -> Option<Arc<Task>> {
        self.tasks().get(name).cloned()
    }

    fn tasks(&self) -> MutexGuard<'_, BTreeMap<InstanceName, Arc<Task>>> {
        // Every change is a single step, so a panic elsewhere leaves nothing half done.
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for InProcess {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess")
            .field("instances", &self.tasks().len())
            .finish_non_exhaustive()
    }
}

impl Drop for InProcess {
    fn drop(&mut self) {
        for task in self.tasks().values() {
            task.abort.abort();
        }
        if let Place::Own(own) = &mut self.place
            && let Some(runtime) = own.get_mut().unwrap_or_else(PoisonError::into_inner).take()
        {
            // A plain drop waits for its threads, which is not allowed on a thread that runs tasks.
            runtime.shutdown_background();
        }
    }
}

#[async_trait]
impl Backend for InProcess {
    fn name(&self) -> &str {
        "in process"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            reach: Reach::SameProcess,
            list: false,
        }
    }

    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        let runtime = self.runtime()?;
        let mut tasks = self.tasks();
        if !tasks.contains_key(&request.name) {
            let task = Task::start(&runtime, request.entry.run());
            tasks.insert(request.name.clone(), task);
        }
        Ok(Instance {
            provider_id: format!("task {}", request.name),
        })
    }

    async fn destroy(&self, name: &InstanceName) -> Result<(), DestroyError> {
        if let Some(task) = self.task(name) {
            task.abort.abort();
            task.end.report().await;
            self.tasks().remove(name);
        }
        Ok(())
    }

    async fn ended(&self, name: &InstanceName) -> ExitReport {
        match self.task(name) {
            Some(task) => task.end.report().await,
            None => ExitReport::default(),
        }
    }

    /// Always empty: a task does not outlive its process, so there is nothing to find.
    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        Ok(Vec::new())
    }
}

impl Task {
    fn start(runtime: &Handle, runner: RunnerFuture) -> Arc<Self> {
        let running = runtime.spawn(runner);
        let task = Arc::new(Self {
            abort: running.abort_handle(),
            end: End::pending(),
        });
        let teller = Arc::clone(&task);
        runtime.spawn(async move {
            let report = running.await.unwrap_or_else(unfinished);
            teller.end.tell(report);
        });
        task
    }
}

/// What is told of a runner that did not come to its own end.
fn unfinished(error: JoinError) -> ExitReport {
    let line = match error.try_into_panic() {
        Ok(panic) => format!("the runner panicked: {}", panic_message(panic.as_ref())),
        Err(_) => "the runner was aborted".to_owned(),
    };
    ExitReport {
        how: ExitKind::Unknown,
        stderr_tail: vec![line],
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    if let Some(text) = panic.downcast_ref::<&str>() {
        text
    } else if let Some(text) = panic.downcast_ref::<String>() {
        text
    } else {
        "a value that is not a text"
    }
}

fn start_runtime() -> Result<Runtime, BootError> {
    Builder::new_multi_thread()
        .worker_threads(THREADS)
        .thread_name("flame-in-process")
        .enable_all()
        .build()
        .map_err(|source: io::Error| BootError::Unavailable {
            source: Box::new(source),
        })
}
