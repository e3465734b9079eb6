use std::time::Duration;

use flame_core::backend::{ExitKind, ExitReport};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::Fly;
use crate::api::{ExitEvent, Vm, VmState};
use crate::error::FlyError;
use crate::local::Boot;

/// How often a machine is looked at until its program has been started. Fly takes five looks in a second.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long the server is asked to wait for the end of one that runs: as long as Fly allows.
const LONG_WAIT: Duration = Duration::from_secs(60);
/// The pause after a look that failed; twice as long each time, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// See [`FIRST_PAUSE`].
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// For how long a machine on its way out is looked at for how its program ended.
const LOOK_FOR_EXIT: Duration = Duration::from_secs(3);
/// The same if nothing tells that its program was ever started.
const LOOK_FOR_START: Duration = Duration::from_secs(1);
/// How often a machine is looked at whose runner's session has ended: callers wait for how it ended.
const LOOK_CLOSELY_EVERY: Duration = Duration::from_millis(250);
/// For how long.
const LOOK_CLOSELY_FOR: Duration = Duration::from_secs(3);

/// Resolves when the machine of a boot has ended. Of all who wait, one looks.
pub(super) async fn ended(fly: &Fly, boot: &Boot) -> ExitReport {
    tokio::select! {
        biased;
        report = boot.end() => report,
        report = watch(fly, boot) => {
            boot.tell_end(report.clone());
            report
        }
    }
}

/// Has whoever watches the machine look at once, and more often for a while. Resolves when its end is told or that
/// while is over.
pub(super) async fn look_closely(boot: &Boot) {
    boot.lose();
    let _ = timeout(LOOK_CLOSELY_FOR, boot.end()).await;
}

async fn watch(fly: &Fly, boot: &Boot) -> ExitReport {
    let _turn = boot.watching().await;
    let (id, given_up_at) = {
        let known = boot.known().await;
        (known.id.clone(), known.given_up_at)
    };
    match id {
        Some(id) => {
            let watch = Watch {
                fly,
                boot,
                id,
                given_up_at,
            };
            watch.run().await
        }
        // There is nothing to look at; whoever destroys it tells its end.
        None => std::future::pending().await,
    }
}

/// Looks at one machine until it has ended.
struct Watch<'a> {
    fly: &'a Fly,
    boot: &'a Boot,
    id: String,
    /// When it must have been started.
    given_up_at: Option<Instant>,
}

impl Watch<'_> {
    async fn run(&self) -> ExitReport {
        let mut seen = Vm::default();
        let mut pause = FIRST_PAUSE;
        loop {
            if self.is_close() {
                sleep(LOOK_CLOSELY_EVERY).await;
            } else {
                tokio::select! {
                    biased;
                    () = self.boot.is_lost(), if self.boot.lost_at().is_none() => {}
                    () = self.until_next_look(&seen, &mut pause) => {}
                }
            }
            match self.fly.get(&self.id).await {
                Ok(vm) => {
                    pause = FIRST_PAUSE;
                    seen = vm;
                }
                Err(FlyError::NotFound { .. }) => return self.disappeared(&seen),
                Err(_) => {
                    pause = self.rest(pause).await;
                    continue;
                }
            }
            if seen.state.is_at_rest() || seen.last_exit().is_some() {
                return self.report(seen).await;
            }
            if self.is_overdue(&seen)
                && let Some(report) = self.end_what_never_started(&seen).await
            {
                return report;
            }
        }
    }

    /// Whether a session has just ended here.
    fn is_close(&self) -> bool {
        let lost_at = self.boot.lost_at();
        lost_at.is_some_and(|at| at.elapsed() < LOOK_CLOSELY_FOR)
    }

    /// Of one that runs, the server tells the end. It takes a moment until that may be asked again if it fails.
    async fn until_next_look(&self, seen: &Vm, pause: &mut Duration) {
        if !is_up(seen) {
            return sleep_until(self.next_look()).await;
        }
        // It answers as soon as it is gone, or not at all.
        let waited = self.fly.wait_for_end(&self.id, LONG_WAIT).await;
        if waited.is_err_and(|error| !is_not_yet(&error)) {
            *pause = self.rest(*pause).await;
        }
    }

    /// In a while, and no later than when its time is up: whoever waits for the boot soon hears no more.
    fn next_look(&self) -> Instant {
        let (now, soon) = (Instant::now(), Instant::now() + LOOK_EVERY);
        match self.given_up_at {
            Some(at) if at > now => soon.min(at),
            Some(_) | None => soon,
        }
    }

    async fn rest(&self, pause: Duration) -> Duration {
        sleep(pause).await;
        (pause * 2).min(LONGEST_PAUSE)
    }

    /// How it ended, which may be told a little after that it did.
    async fn report(&self, mut vm: Vm) -> ExitReport {
        let start = Instant::now();
        while vm.last_exit().is_none() && vm.state.is_leaving() {
            let long_enough = if is_up(&vm) {
                LOOK_FOR_EXIT
            } else {
                LOOK_FOR_START
            };
            if start.elapsed() >= long_enough {
                break;
            }
            let every = if self.is_close() {
                LOOK_CLOSELY_EVERY
            } else {
                LOOK_EVERY
            };
            sleep(every).await;
            match self.fly.get(&self.id).await {
                Ok(newer) => vm = newer,
                Err(_) => break,
            }
        }
        let exit = vm.last_exit();
        let how = match &exit {
            Some(exit) => exit.how(),
            None if is_up(&vm) => ExitKind::Unknown,
            None => ExitKind::NeverStarted,
        };
        let mut lines = vec![self.history(&vm)];
        lines.extend(exit.iter().filter_map(ExitEvent::error));
        if how == ExitKind::NeverStarted {
            lines.push(IMAGE.to_owned());
        }
        ExitReport {
            how,
            stderr_tail: lines,
        }
    }

    /// Fly knows nothing of it any more.
    fn disappeared(&self, seen: &Vm) -> ExitReport {
        let line = format!("it disappeared from Fly; {}", self.history(seen));
        if is_up(seen) {
            return ExitReport {
                how: ExitKind::Unknown,
                stderr_tail: vec![line],
            };
        }
        ExitReport {
            how: ExitKind::NeverStarted,
            stderr_tail: vec![line, IMAGE.to_owned()],
        }
    }

    /// Whether it has had all the time that it had for its boot and is not even started.
    fn is_overdue(&self, vm: &Vm) -> bool {
        let is_late = self.given_up_at.is_some_and(|at| Instant::now() >= at);
        is_late && vm.state.is_before_start() && !vm.has_started()
    }

    /// Ends it, so that whoever waits for the boot hears what Fly said of it rather than that time ran out.
    async fn end_what_never_started(&self, vm: &Vm) -> Option<ExitReport> {
        tracing::warn!(id = self.id, state = %vm.state, events = vm.history(), "Fly has not started it in time");
        self.fly.end_for_good(&self.id).await.ok()?;
        Some(ExitReport {
            how: ExitKind::NeverStarted,
            stderr_tail: vec![format!(
                "it was not started within the time for its boot, and was destroyed; {}",
                self.history(vm)
            )],
        })
    }

    fn history(&self, vm: &Vm) -> String {
        let region = vm.region.as_deref().unwrap_or("an unknown region");
        let (id, state, events) = (&self.id, &vm.state, vm.history());
        format!("machine {id} in {region} was last {state}, events: {events}")
    }
}

/// What is nearly always the reason.
const IMAGE: &str =
    "Fly starts no machine whose image it cannot pull or that is larger than it allows";

fn is_up(vm: &Vm) -> bool {
    vm.state == VmState::Started || vm.has_started()
}

/// Whether a wait has only come to the end of its time.
fn is_not_yet(error: &FlyError) -> bool {
    let is_end_of_time = matches!(error, FlyError::Server { said } if said.status == 408);
    is_end_of_time || matches!(error, FlyError::NotFound { .. })
}
