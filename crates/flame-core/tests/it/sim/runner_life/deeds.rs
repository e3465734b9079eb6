use flame_core::terminator::{TerminatorAction, TerminatorEvent};

/// What runners' lives were good for, beside their ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Deeds {
    pub(crate) settings_changed: u64,
    /// Checks of the user that were run.
    pub(crate) checks: u64,
    /// Questions that a check said yes to.
    pub(crate) agreed: u64,
    /// Questions that were answered because a call came while the check ran.
    pub(crate) overtaken_by_calls: u64,
    /// The same for a drain or the loss of the parent.
    pub(crate) overtaken_by_the_end: u64,
}

impl Deeds {
    pub(super) fn hear(&mut self, event: TerminatorEvent) {
        if let TerminatorEvent::SettingsChanged { .. } = event {
            self.settings_changed += 1;
        }
    }

    pub(super) fn note(&mut self, action: TerminatorAction, event: Option<TerminatorEvent>) {
        match (action, event) {
            (TerminatorAction::RunIdleCheck, _) => self.checks += 1,
            (
                TerminatorAction::AnswerIdle { idle: true },
                Some(TerminatorEvent::IdleChecked { .. }),
            ) => self.agreed += 1,
            (TerminatorAction::AnswerIdle { .. }, Some(TerminatorEvent::CallReceived { .. })) => {
                self.overtaken_by_calls += 1;
            }
            (
                TerminatorAction::AnswerIdle { .. },
                Some(TerminatorEvent::DrainRequested { .. } | TerminatorEvent::ParentLost { .. }),
            ) => self.overtaken_by_the_end += 1,
            _ => {}
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.settings_changed += other.settings_changed;
        self.checks += other.checks;
        self.agreed += other.agreed;
        self.overtaken_by_calls += other.overtaken_by_calls;
        self.overtaken_by_the_end += other.overtaken_by_the_end;
    }
}
