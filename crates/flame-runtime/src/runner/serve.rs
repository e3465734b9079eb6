use flame_core::pool::CANCEL_GRACE;
use flame_core::runner::exit;
use flame_task::{Secret, registry};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tonic::transport::Channel;

use super::core_files;
use super::dial;
use super::door::Door;
use super::driver::Driver;
use super::group;
use super::home::Home;
use super::idle_check::IdleCheck;
use super::life::Life;
use super::parent::Parent;
use super::serve_error::ServeError;
use crate::link::Cables;
use crate::threads::Threads;

/// This process, as a runner. Made by [`runner`](super::runner); it takes no calls before it
/// [serves](Self::serve).
#[derive(Debug)]
pub struct Runner {
    home: &'static Home,
    doors: Result<(Door, Door), ServeError>,
    /// Under way while the app boots, if the parent is on this host.
    dialing: Option<Dialing>,
    idle_check: Option<IdleCheck>,
}

impl Runner {
    pub(super) fn new(home: &'static Home) -> Self {
        if !home.parent().is_ok_and(|parent| parent.keeps_core_files) {
            core_files::leave_none();
        }
        let doors = home
            .parent()
            .and_then(|parent| Door::both(parent, &Cables::System));
        // A parent that is dialed over the network wants a hello at once, so there it has to wait for `serve()`.
        let near = doors
            .as_ref()
            .ok()
            .filter(|(door, _)| door.is_on_this_host());
        let dialing = near.map(|(door, _)| start_dialing(door.clone()));
        Threads::library().spawn_control(end_with_the_parent(home));
        Self {
            home,
            doors,
            dialing,
            idle_check: None,
        }
    }

    /// Who started this runner. `None` when what this process was told about it makes no sense, which
    /// [`serve`](Self::serve) reports.
    pub fn parent(&self) -> Option<Parent> {
        self.home.parent().ok().map(Parent::new)
    }

    /// Lets the app have its say before this runner goes for want of work: it stays while `check` returns `false`.
    ///
    /// `check` is asked each time that the runner has been idle for `idle_shutdown_after`. It may block; should it
    /// panic, the runner stays. It is not asked when the pool ends or its limits want fewer runners.
    ///
    /// ```no_run
    /// # mod flame { pub use flame_runtime::runner; }
    /// # fn uploads_under_way() -> usize { 0 }
    /// # async fn main_of_the_app() -> Result<(), Box<dyn std::error::Error>> {
    /// if let Some(runner) = flame::runner() {
    ///     return Ok(runner.idle_check(|| uploads_under_way() == 0).serve().await?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn idle_check(self, check: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self {
            idle_check: Some(IdleCheck::new(check)),
            ..self
        }
    }

    /// The secret of this name that the pool gives its runners, see [`RunnerEnv::secret`](crate::RunnerEnv::secret): for
    /// what `main` boots. Tasks have `Ctx::secret`.
    ///
    /// The parent is asked once, for all of them, and this waits for its answer.
    ///
    /// ```no_run
    /// # mod flame { pub use flame_runtime::runner; pub use flame_task::Secret; }
    /// # async fn main_of_the_app() -> Result<(), Box<dyn std::error::Error>> {
    /// let runner = flame::runner();
    /// let key = match &runner {
    ///     Some(runner) => runner.secret("PAYMENT_KEY").await?,
    ///     None => flame::Secret::new(std::env::var("PAYMENT_KEY")?),
    /// };
    /// # let _ = key;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The pool gives no secret of this name, or the parent could not be reached, refused this runner, or was lost.
    pub async fn secret(&self, name: &str) -> Result<Secret, ServeError> {
        let (attach, _) = self.doors.as_ref().map_err(Clone::clone)?;
        let given = self.home.given(attach).await?;
        let secret = given.and_then(|given| given.secrets.get(name).cloned());
        secret.ok_or_else(|| ServeError::NoSecret {
            name: name.to_owned(),
        })
    }

    /// Takes calls until the parent ends this runner, or is lost. The tasks run on the runtime that calls this.
    ///
    /// Call it when everything is booted and provided: from then on the parent sends calls. It returns, rather than
    /// exit, so that `main` can put things in order; the process should then end, and it is ended if it has not
    /// done so after `cancel_grace`, which counts as a second at least.
    ///
    /// A runner that its parent has started on the same host leads a process group. Whatever else is in that group,
    /// as what tasks have started and left behind, is killed before `serve` returns.
    ///
    /// ```no_run
    /// # mod flame {
    /// #     pub use flame_runtime::runner;
    /// #     pub use flame_task::provide;
    /// # }
    /// # #[derive(Clone)]
    /// # struct Store;
    /// # impl Store {
    /// #     async fn connect(_connections: u32) -> Result<Self, std::io::Error> { Ok(Self) }
    /// # }
    /// # async fn main_of_the_app() -> Result<(), Box<dyn std::error::Error>> {
    /// let runner = flame::runner();
    /// let connections = if runner.is_some() { 2 } else { 20 };
    /// flame::provide(Store::connect(connections).await?);
    /// if let Some(runner) = runner {
    ///     return Ok(runner.serve().await?);
    /// }
    /// // the app's own business
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The parent could not be reached, refused this runner, or was lost. [`ServeError::exit_code`] is what to exit
    /// with, for those who tell these ends apart.
    pub async fn serve(self) -> Result<(), ServeError> {
        if !self.home.begin_serving() {
            return Err(ServeError::AlreadyServing);
        }
        let parent = self.home.parent()?.clone();
        let (attach, bulk) = self.doors?;
        check_tasks()?;
        let given = self.home.given(&attach).await?;
        flame_task::install_panic_hook();
        let threads = Threads::library();
        let app = Handle::current();
        let (home, idle_check) = (self.home, self.idle_check);
        let line = attach.line().cloned();
        let dialing = self.dialing.unwrap_or_else(|| start_dialing(attach));
        let served = threads.spawn_control(async move {
            let life = Life::process(home.lifeline());
            let driver = Driver::new(parent, app, life, Some(bulk))
                .over(line)
                .with(given)
                .with_idle_check(idle_check);
            driver
                .run(|frames| async move {
                    let channel = dialing.await.map_err(|_| ServeError::ParentLost)??;
                    let attached = dial::attach(channel, frames).await;
                    attached.map_err(|_| ServeError::ParentLost)
                })
                .await
        });
        served.await.unwrap_or(Err(ServeError::ParentLost))
    }
}

type Dialing = JoinHandle<Result<Channel, ServeError>>;

fn start_dialing(door: Door) -> Dialing {
    Threads::library().spawn_control(dial::dial(door))
}

/// A process that has not come to `serve()`, or never will, must not outlive its parent either.
async fn end_with_the_parent(home: &'static Home) {
    let code = match (home.lifeline(), home.parent()) {
        (Some(lifeline), _) => {
            lifeline.cut().await;
            exit::PARENT_LOST
        }
        // Nobody tells it of the parent's end, but this is how long its boot may take.
        (None, Ok(parent)) => {
            tokio::time::sleep(parent.boot_timeout).await;
            exit::ATTACH_TIMEOUT
        }
        (None, Err(_)) => return,
    };
    tokio::time::sleep(CANCEL_GRACE).await;
    // From there on, the driver watches.
    if !home.is_serving() {
        tracing::error!("nobody waits for this process, and it has not come to `runner.serve()`");
        if home.lifeline().is_some() {
            group::end_the_rest();
        }
        std::process::exit(code);
    }
}

/// What can be said about the tasks of this binary before one is called.
fn check_tasks() -> Result<(), ServeError> {
    if let Some(conflict) = registry::conflicts().first() {
        return Err(ServeError::Conflict(conflict.to_string()));
    }
    for missing in registry::missing() {
        tracing::warn!(
            "{missing}, which this main did not pass to flame::provide: calls of it will be refused"
        );
    }
    Ok(())
}
