use flame_core::pool::PoolAction;
use flame_core::{CallerId, RunnerId};

/// What the pool did in this step: where its contract leaves a choice, the model takes the same one, if it
/// is allowed. With nothing to follow, the model chooses by itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice<'a>(pub(super) &'a [PoolAction]);

impl Choice<'_> {
    /// Nothing to follow.
    pub(super) const FREE: Self = Self(&[]);

    /// Which of the `allowed` runners gets the caller, who was granted a slot `before` times in this step.
    pub(super) fn place(
        self,
        caller: CallerId,
        before: usize,
        allowed: &[RunnerId],
    ) -> Option<RunnerId> {
        let grants = self.0.iter().filter_map(|action| match *action {
            PoolAction::GrantSlot {
                caller: who,
                runner,
            } if who == caller => Some(runner),
            _ => None,
        });
        let chosen = grants.skip(before).find(|runner| allowed.contains(runner));
        chosen.or(allowed.first().copied())
    }

    /// Which of the `allowed` runners is asked to go next.
    pub(super) fn ask(self, allowed: &[RunnerId]) -> Option<RunnerId> {
        let is_asked = |&runner: &RunnerId| self.0.contains(&PoolAction::ProposeIdle { runner });
        let chosen = allowed.iter().copied().find(is_asked);
        chosen.or(allowed.first().copied())
    }

    /// Which of the `allowed` runners is drained next.
    pub(super) fn drain(self, allowed: &[RunnerId]) -> Option<RunnerId> {
        let mut drained = self.0.iter().filter_map(|action| match action {
            PoolAction::DrainRunner { runner, .. } => Some(*runner),
            _ => None,
        });
        let chosen = drained.find(|runner| allowed.contains(runner));
        chosen.or(allowed.first().copied())
    }

    /// Whether anything is booted.
    pub(super) fn boots(self) -> bool {
        let is_boot = |action: &PoolAction| matches!(action, PoolAction::BootInstance { .. });
        self.0.iter().any(is_boot)
    }
}
