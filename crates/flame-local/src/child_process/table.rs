//! The children of one backend, by name.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use flame_core::InstanceName;
use flame_core::backend::{BootError, Instance};
use tokio::sync::oneshot;

use super::child::Child;
use super::error::StartError;
use super::launch::Launch;

/// Room enough for starting a process and reading lines; the default of 2 MiB is for other work.
const STACK_BYTES: usize = 256 * 1024;

/// The children of one backend, by name, from their creation to their destruction.
#[derive(Clone, Default)]
pub(super) struct Table(Arc<Mutex<BTreeMap<InstanceName, Arc<Child>>>>);

/// What there was under a name.
pub(super) enum Entry {
    /// Nothing; this child has been put there and is to be started.
    New(Arc<Child>),
    /// This child.
    Known(Arc<Child>),
}

impl Table {
    pub(super) fn find_or_insert(&self, name: &InstanceName) -> Entry {
        let mut children = self.lock();
        if let Some(child) = children.get(name) {
            return Entry::Known(Arc::clone(child));
        }
        let child = Arc::new(Child::default());
        children.insert(name.clone(), Arc::clone(&child));
        Entry::New(child)
    }

    /// Starts a new child on a thread of its own, which then stays to wait for it.
    ///
    /// When this future is dropped, the thread goes on and the child keeps its entry, so that it can
    /// still be destroyed.
    pub(super) async fn start(
        &self,
        child: Arc<Child>,
        name: &InstanceName,
        launch: Launch,
    ) -> Result<Instance, BootError> {
        let (answer, answered) = oneshot::channel();
        let table = self.clone();
        let thread_name = name.clone();
        let program = launch.program();
        let waiter = Arc::clone(&child);
        let spawned = builder("flame-child").spawn(move || {
            let (name, child) = (thread_name, waiter);
            match launch.start() {
                Ok(process) => child.live(process, |instance| {
                    // Nobody listens when the create was given up; a destroy follows.
                    let _ = answer.send(Ok(instance));
                }),
                Err(error) => {
                    table.remove(&name, &child);
                    child.give_up();
                    let _ = answer.send(Err(error));
                }
            }
        });
        if let Err(source) = spawned {
            self.remove(name, &child);
            child.give_up();
            return Err(StartError::spawn(program, source).into());
        }
        match answered.await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(StartError::spawn(program, io::ErrorKind::Interrupted.into()).into()),
        }
    }

    pub(super) fn get(&self, name: &InstanceName) -> Option<Arc<Child>> {
        self.lock().get(name).cloned()
    }

    /// Forgets this child; another one that has the name by now stays.
    pub(super) fn remove(&self, name: &InstanceName, child: &Arc<Child>) {
        let mut children = self.lock();
        if children
            .get(name)
            .is_some_and(|found| Arc::ptr_eq(found, child))
        {
            children.remove(name);
        }
    }

    pub(super) fn kill_all(&self) {
        for child in self.lock().values() {
            child.kill();
        }
    }

    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<InstanceName, Arc<Child>>> {
        // Every change is a single step, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A thread that mostly sleeps.
pub(super) fn builder(name: &str) -> thread::Builder {
    thread::Builder::new()
        .name(name.to_owned())
        .stack_size(STACK_BYTES)
}
