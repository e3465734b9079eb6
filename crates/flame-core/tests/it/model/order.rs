//! What matters of the order of actions: each caller and each runner gets its own in order.

use flame_core::pool::PoolAction;
use flame_core::{CallerId, RunnerId};

/// Whom an action is about, and what it is.
pub(super) type Threads = Vec<(Whom, String)>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Whom {
    Caller(CallerId),
    Runner(RunnerId),
    /// Whoever is granted a slot, whenever it comes: first come, first served.
    Grantees,
    Owner,
}

/// The actions of one step, sorted by whom they are about, and in order for each.
pub(super) fn threads(actions: &[PoolAction]) -> Threads {
    let mut threads = Vec::new();
    for &action in actions {
        let (caller, runner) = about(action);
        let words = format!("{action:?}");
        if let PoolAction::GrantSlot { runner, .. } = action {
            threads.push((Whom::Grantees, words.clone()));
            threads.push((Whom::Runner(runner), "GrantSlot".to_owned()));
        }
        threads.push((
            match (caller, runner) {
                (Some(caller), _) => Whom::Caller(caller),
                (None, Some(runner)) => Whom::Runner(runner),
                (None, None) => Whom::Owner,
            },
            words,
        ));
    }
    threads.sort_by_key(|&(whom, _)| whom);
    threads
}

fn about(action: PoolAction) -> (Option<CallerId>, Option<RunnerId>) {
    match action {
        PoolAction::BootInstance { runner }
        | PoolAction::WelcomeRunner { runner }
        | PoolAction::RefuseRunner { runner }
        | PoolAction::ProposeIdle { runner }
        | PoolAction::DrainRunner { runner, .. }
        | PoolAction::FailBoot { runner }
        | PoolAction::TellLimits { runner }
        | PoolAction::DestroyInstance { runner } => (None, Some(runner)),
        PoolAction::RejectCaller { caller, .. } | PoolAction::ExpireCaller { caller } => {
            (Some(caller), None)
        }
        PoolAction::GrantSlot { caller, runner }
        | PoolAction::RetryCaller { caller, runner }
        | PoolAction::LoseCaller { caller, runner }
        | PoolAction::CancelCall { caller, runner, .. }
        | PoolAction::LoseResidents { caller, runner } => (Some(caller), Some(runner)),
        PoolAction::SuspectLink | PoolAction::ConfirmShutdown => (None, None),
    }
}
