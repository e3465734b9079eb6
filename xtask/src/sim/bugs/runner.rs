//! Mistakes that people make when they write the end of a runner.

use super::{Bug, Edit};

const TERMINATOR: &str = "terminator/state.rs";

/// All of them.
pub(in crate::sim) const RUNNER_BUGS: &[Bug] = &[
    Bug {
        name: "a runner waits for its parent for ever",
        edits: &[Edit {
            file: TERMINATOR,
            find: "TimerReason::AttachTimeout => self.stop(exit::ATTACH_TIMEOUT),",
            replace: "TimerReason::AttachTimeout => self.stage = Stage::Serving,",
        }],
    },
    Bug {
        name: "a parent that is lost is not missed",
        edits: &[Edit {
            file: TERMINATOR,
            find: "TerminatorEvent::ParentLost { .. } => self.parent_lost(),",
            replace: "TerminatorEvent::ParentLost { .. } => {}",
        }],
    },
    Bug {
        name: "linked work outlives the parent",
        edits: &[Edit {
            file: TERMINATOR,
            find: "self.cancel_all(self.work.uncancelled().filter(is_linked).collect());",
            replace: "let _ = is_linked;",
        }],
    },
    Bug {
        name: "detached work dies with the parent",
        edits: &[Edit {
            file: TERMINATOR,
            find: "self.cancel_all(self.work.uncancelled().filter(is_linked).collect());",
            replace: "let _ = is_linked; self.cancel_all(self.work.uncancelled().collect());",
        }],
    },
    Bug {
        name: "detached work has no limit",
        edits: &[Edit {
            file: TERMINATOR,
            find: "TimerReason::WorkTimeout => self.cancel_all(self.work.uncancelled().collect()),",
            replace: "TimerReason::WorkTimeout => self.stage = Stage::Serving,",
        }],
    },
    Bug {
        name: "a second loss begins the time anew",
        edits: &[Edit {
            file: TERMINATOR,
            find: "            Stage::Leaving {\n                why: Leave::ParentLost,\n                ..\n            }\n            | Stage::Stopped { .. }\n            | Stage::Exited => return,",
            replace: "            Stage::Leaving {\n                why: Leave::ParentLost,\n                ..\n            } => lost,\n            Stage::Stopped { .. } | Stage::Exited => return,",
        }],
    },
    Bug {
        name: "work that ignores its cancel is waited for",
        edits: &[Edit {
            file: TERMINATOR,
            find: "TimerReason::CancelGrace => self.give_up_work(),",
            replace: "TimerReason::CancelGrace => self.stage = Stage::Serving,",
        }],
    },
    Bug {
        name: "a runner without a parent only stops",
        edits: &[Edit {
            file: TERMINATOR,
            find: "                let code = exit::PARENT_LOST;\n                self.stage = Stage::Exited;\n                self.act(TerminatorAction::ExitProcess { code });",
            replace: "                self.stop(exit::PARENT_LOST);",
        }],
    },
    Bug {
        name: "a draining runner takes calls",
        edits: &[Edit {
            file: TERMINATOR,
            find: "let draining = match self.stage {\n            Stage::Serving => false,\n            Stage::Attaching { .. }\n            | Stage::Leaving { .. }",
            replace: "let draining = match self.stage {\n            Stage::Serving | Stage::Leaving { .. } => false,\n            Stage::Attaching { .. }",
        }],
    },
    Bug {
        name: "a full runner takes calls",
        edits: &[Edit {
            file: TERMINATOR,
            find: "if draining || self.work.len() >= self.settings.max_concurrency {",
            replace: "if draining {",
        }],
    },
    Bug {
        name: "a call runs twice",
        edits: &[Edit {
            file: TERMINATOR,
            find: "        if self.work.contains(call) {\n            return;\n        }\n",
            replace: "",
        }],
    },
    Bug {
        name: "left values do not keep a runner",
        edits: &[Edit {
            file: TERMINATOR,
            find: "self.work.is_empty() && self.residents == 0",
            replace: "self.work.is_empty()",
        }],
    },
    Bug {
        name: "a busy runner says that it is idle",
        edits: &[Edit {
            file: TERMINATOR,
            find: "self.work.is_empty() && self.residents == 0",
            replace: "self.residents == 0",
        }],
    },
    Bug {
        name: "a drain is not announced",
        edits: &[Edit {
            file: TERMINATOR,
            find: "                self.act(TerminatorAction::AnnounceDraining);\n",
            replace: "",
        }],
    },
    Bug {
        name: "a runner goes without goodbye",
        edits: &[Edit {
            file: TERMINATOR,
            find: "                self.act(TerminatorAction::SayGoodbye);\n",
            replace: "",
        }],
    },
    Bug {
        name: "a drained runner stays",
        edits: &[Edit {
            file: TERMINATOR,
            find: "            self.leave(why);\n        }\n        while",
            replace: "            let _ = why;\n        }\n        while",
        }],
    },
    Bug {
        name: "a shorter drain does not shorten it",
        edits: &[Edit {
            file: TERMINATOR,
            find: "patience.work_until = earlier(patience.work_until, work_until);",
            replace: "let _ = (patience, work_until);",
        }],
    },
    Bug {
        name: "a runner that was refused goes on",
        edits: &[Edit {
            file: TERMINATOR,
            find: "Stage::Attaching { .. } => self.stop(exit::REFUSED),",
            replace: "Stage::Attaching { .. } => {}",
        }],
    },
    Bug {
        name: "main may hang after the stop",
        edits: &[Edit {
            file: TERMINATOR,
            find: "TimerReason::Failsafe => self.exit_process(),",
            replace: "TimerReason::Failsafe => self.stage = Stage::Exited,",
        }],
    },
    Bug {
        name: "a cancel is not passed on",
        edits: &[Edit {
            file: TERMINATOR,
            find: "TerminatorEvent::CancelRequested { call } => self.cancel(call),",
            replace: "TerminatorEvent::CancelRequested { .. } => {}",
        }],
    },
    Bug {
        name: "a cancel is passed on again and again",
        edits: &[Edit {
            file: TERMINATOR,
            find: "        if !self.work.cancel(call) {\n            return;\n        }",
            replace: "        self.work.cancel(call);",
        }],
    },
    Bug {
        name: "news overtake a runner's deadlines",
        edits: &[Edit {
            file: TERMINATOR,
            find: "        self.handle_timeout(now);\n        self.record(event);",
            replace: "        self.now = self.now.max(now);\n        self.record(event);",
        }],
    },
];
