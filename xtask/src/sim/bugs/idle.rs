//! Mistakes that are made where a runner is asked to go, and where its settings change.

use super::{Bug, Edit};

const IDLE: &str = "terminator/idle.rs";
const STATE: &str = "terminator/state.rs";

/// Those about idle checks and settings.
pub(in crate::sim) const IDLE_BUGS: &[Bug] = &[
    Bug {
        name: "the user's check is not asked",
        edits: &[Edit {
            file: STATE,
            find: "if is_idle && self.settings.has_idle_check {",
            replace: "if is_idle && self.settings.has_idle_check && false {",
        }],
    },
    Bug {
        name: "the user is bothered by a busy runner",
        edits: &[Edit {
            file: STATE,
            find: "if is_idle && self.settings.has_idle_check {",
            replace: "if self.settings.has_idle_check {",
        }],
    },
    Bug {
        name: "a no of the user is taken for a yes",
        edits: &[Edit {
            file: STATE,
            find: "self.answer_idle(questions, idle && self.is_idle());",
            replace: "self.answer_idle(questions, self.is_idle());",
        }],
    },
    Bug {
        name: "values that came meanwhile do not count",
        edits: &[Edit {
            file: STATE,
            find: "self.answer_idle(questions, idle && self.is_idle());",
            replace: "self.answer_idle(questions, idle);",
        }],
    },
    Bug {
        name: "a call does not overtake the user's check",
        edits: &[Edit {
            file: STATE,
            find: "            self.void_idle_check();\n            self.work.start(call, link);",
            replace: "            self.work.start(call, link);",
        }],
    },
    Bug {
        name: "a question is forgotten by a drain",
        edits: &[Edit {
            file: STATE,
            find: "    fn drain_requested(&mut self, work_until: Option<Instant>) {\n        self.void_idle_check();",
            replace: "    fn drain_requested(&mut self, work_until: Option<Instant>) {\n        self.idle_check.void();",
        }],
    },
    Bug {
        name: "a question outlives the parent",
        edits: &[Edit {
            file: STATE,
            find: "    fn parent_lost(&mut self) {\n        self.void_idle_check();",
            replace: "    fn parent_lost(&mut self) {",
        }],
    },
    Bug {
        name: "two checks run at a time",
        edits: &[Edit {
            file: IDLE,
            find: "            (true, 0) => Asked::Decline,",
            replace: "            (true, 0) => {\n                self.questions = 1;\n                Asked::Start\n            }",
        }],
    },
    Bug {
        name: "a check answers one question only",
        edits: &[Edit {
            file: IDLE,
            find: "self.questions = self.questions.saturating_add(1);\n",
            replace: "\n",
        }],
    },
    Bug {
        name: "a check answers twice",
        edits: &[Edit {
            file: IDLE,
            find: "std::mem::take(&mut self.questions)",
            replace: "self.questions",
        }],
    },
    Bug {
        name: "a check that has ended runs on",
        edits: &[Edit {
            file: IDLE,
            find: "        self.runs = false;\n        self.void()",
            replace: "        self.void()",
        }],
    },
    Bug {
        name: "a check that counts no more answers a later question",
        edits: &[Edit {
            file: IDLE,
            find: "            (true, 0) => Asked::Decline,",
            replace: "            (true, 0) => {\n                self.questions = 1;\n                Asked::Wait\n            }",
        }],
    },
    Bug {
        name: "more slots are not believed",
        edits: &[Edit {
            file: STATE,
            find: "                self.settings.max_concurrency = max_concurrency;\n",
            replace: "                let _ = max_concurrency;\n",
        }],
    },
    Bug {
        name: "another shutdown timeout is not believed",
        edits: &[Edit {
            file: STATE,
            find: "                self.settings.shutdown_timeout = shutdown_timeout;\n",
            replace: "                let _ = shutdown_timeout;\n",
        }],
    },
    Bug {
        name: "another grace is not believed",
        edits: &[Edit {
            file: STATE,
            find: "                self.settings.cancel_grace = cancel_grace;\n",
            replace: "                let _ = cancel_grace;\n",
        }],
    },
    Bug {
        name: "a shorter grace takes back a longer one",
        edits: &[Edit {
            file: STATE,
            find: "            patience.grace_until = later(patience.grace_until, until);",
            replace: "            patience.grace_until = until;",
        }],
    },
];
