use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::journal_file::JournalFile;
use crate::schema::{Document, Table};
use crate::watcher::Watcher;
use crate::world::World;

/// What all requests and all machines share.
#[derive(Debug)]
pub(crate) struct Shared {
    world: Mutex<World>,
    changed: watch::Sender<()>,
    tasks: Mutex<JoinSet<()>>,
    pub(crate) table: Table,
    pub(crate) document: Document,
    pub(crate) watcher: Watcher,
    pub(crate) file: Option<JournalFile>,
}

impl Shared {
    pub(crate) fn new(world: World, file: Option<JournalFile>) -> Arc<Self> {
        Arc::new(Self {
            world: Mutex::new(world),
            changed: watch::Sender::new(()),
            tasks: Mutex::new(JoinSet::new()),
            table: Table::new(),
            document: Document::published(),
            watcher: Watcher::new(),
            file,
        })
    }

    /// The world, for as long as nobody else needs it.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the world, and tells all who wait for changes.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let changed = change(&mut self.world());
        self.changed.send_replace(());
        changed
    }

    /// Hears of every change from now on.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Runs something for as long as there is an emulator.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks();
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    /// Ends all that was spawned.
    pub(crate) fn end_tasks(&self) {
        self.tasks().abort_all();
    }

    fn tasks(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
