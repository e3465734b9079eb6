/// The question whether this runner agrees to go, while the user's own check of that runs.
///
/// The parent asks again when it has waited too long. One check answers all that was asked since it began:
/// whatever would change its result, a call or the end, ends it at once with a no.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct IdleCheck {
    /// Whether the user's check was started and has not ended.
    runs: bool,
    /// How many questions wait for it. None do when it runs for nothing.
    questions: u32,
}

/// What a question leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// The check must be started.
    Start,
    /// A check that runs will answer.
    Wait,
    /// A check runs whose result does not count any more, and a second one beside it is not started.
    Decline,
}

impl IdleCheck {
    pub(super) fn ask(&mut self) -> Asked {
        match (self.runs, self.questions) {
            (false, _) => {
                self.runs = true;
                self.questions = 1;
                Asked::Start
            }
            (true, 0) => Asked::Decline,
            (true, _) => {
                self.questions = self.questions.saturating_add(1);
                Asked::Wait
            }
        }
    }

    /// The check has ended. Returns how many questions it answers.
    pub(super) fn end(&mut self) -> u32 {
        self.runs = false;
        self.void()
    }

    /// The check's result does not count any more. Returns how many questions get a no.
    pub(super) fn void(&mut self) -> u32 {
        std::mem::take(&mut self.questions)
    }
}
