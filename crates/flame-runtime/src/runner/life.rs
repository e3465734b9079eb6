use std::fmt;

use flame_core::terminator::{TerminatorAction, TerminatorState};
use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep_until};

use super::group;
use super::lifeline::Lifeline;
use super::terminate::Terminate;

/// What a runner is made of, and so what can end it from outside.
#[derive(Debug)]
pub(super) enum Life {
    /// A process of its own.
    Process {
        /// Set until it was cut.
        lifeline: Option<Watched>,
        /// Whether the parent has started it on this host, in a process group of its own.
        leads_group: bool,
        terminate: Terminate,
    },
    /// A future in the parent's process; dropping it is a kill.
    Task,
}

/// A lifeline that somebody looks at, from the first look on until it is cut: each beginning costs system calls.
pub(super) struct Watched(BoxFuture<'static, ()>);

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Watched").finish_non_exhaustive()
    }
}

/// What a process hears from outside its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// The lifeline was cut. It is said once.
    ParentGone,
    /// The platform wants the process to end.
    TerminationRequested,
}

impl Life {
    /// A process; with a lifeline if its parent is on this host.
    pub(super) fn process(lifeline: Option<&'static Lifeline>) -> Self {
        Self::Process {
            leads_group: lifeline.is_some(),
            lifeline: lifeline.map(|lifeline| Watched(Box::pin(lifeline.cut()))),
            terminate: Terminate::watch(),
        }
    }

    /// The next news. Cancel safe.
    pub(super) async fn news(&mut self) -> News {
        match self {
            Self::Process {
                lifeline: Some(watched),
                terminate,
                ..
            } => tokio::select! {
                () = &mut watched.0 => {}
                () = terminate.requested() => return News::TerminationRequested,
            },
            Self::Process {
                lifeline: None,
                terminate,
                ..
            } => {
                terminate.requested().await;
                return News::TerminationRequested;
            }
            Self::Task => std::future::pending().await,
        }
        if let Self::Process { lifeline, .. } = self {
            *lifeline = None;
        }
        News::ParentGone
    }

    /// Ends what tasks have started and left behind, if this process leads their group.
    ///
    /// Whatever the reason for its end is: a parent that lives would do the same a moment later, but it may die in
    /// that moment, and then nobody is left to do it.
    pub(super) fn end_the_rest(&self) {
        match self {
            Self::Process {
                leads_group: true, ..
            } => group::end_the_rest(),
            Self::Process { .. } | Self::Task => {}
        }
    }

    /// Ends a process at once. A future is ended by its driver.
    pub(super) fn exit(&self, code: i32) {
        match self {
            Self::Process { .. } => {
                tracing::error!(code, "work on this runner did not end in time");
                self.end_the_rest();
                std::process::exit(code)
            }
            Self::Task => {}
        }
    }

    /// After `serve()` has returned: ends the process if it has not ended by then.
    pub(super) fn arm_failsafe(self, state: TerminatorState) {
        match self {
            Self::Process { .. } => {
                tokio::spawn(failsafe(state));
            }
            Self::Task => {}
        }
    }
}

async fn failsafe(mut state: TerminatorState) {
    while let Some((at, _)) = state.poll_timeout() {
        sleep_until(Instant::from_std(at)).await;
        state.handle_timeout(Instant::now().into_std());
        while let Some(action) = state.poll_action() {
            if let TerminatorAction::ExitProcess { code } = action {
                std::process::exit(code);
            }
        }
    }
}
