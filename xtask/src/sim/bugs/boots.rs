//! Mistakes that are made where boots fail.

use super::{Bug, ENDING, Edit, PAUSE, ROSTER, RUNNERS, SETTLE, SURPLUS, WORK};

/// Those about boots and the pauses between them.
pub(in crate::sim) const BOOT_BUGS: &[Bug] = &[
    Bug {
        name: "a failed boot's instance is kept",
        edits: &[Edit {
            file: RUNNERS,
            find: "        if given_up {\n            self.destroy(runner);\n        }",
            replace: "",
        }],
    },
    Bug {
        name: "callers wait for boots that cannot succeed",
        edits: &[Edit {
            file: RUNNERS,
            find: "self.reject_unpinned(RejectReason::BootFailed);",
            replace: "",
        }],
    },
    Bug {
        name: "a failed boot fails callers of running runners",
        edits: &[Edit {
            file: RUNNERS,
            find: "retry == Retry::Never && !self.has_lasting_runners()",
            replace: "retry == Retry::Never",
        }],
    },
    Bug {
        name: "a shutdown lets boots go on",
        edits: &[Edit {
            file: ENDING,
            find: "                RunnerPhase::Booting => {\n                    self.give_up_boot(runner);\n                }\n                RunnerPhase::Ready => self",
            replace: "                RunnerPhase::Booting => {}\n                RunnerPhase::Ready => self",
        }],
    },
    Bug {
        name: "a boot that succeeds does not end the bad luck",
        edits: &[Edit {
            file: PAUSE,
            find: "self.failed_boots = Streak::default();",
            replace: "self.failed_boots.until = None;",
        }],
    },
    Bug {
        name: "the pause never grows",
        edits: &[Edit {
            file: PAUSE,
            find: "backoff::delay(self.first, self.max, misfortunes)",
            replace: "backoff::delay(self.first, self.max, 1)",
        }],
    },
    Bug {
        name: "the pause grows without end",
        edits: &[Edit {
            file: PAUSE,
            find: "backoff::delay(self.first, self.max, misfortunes)",
            replace: "backoff::delay(self.first, self.max * 1000, misfortunes)",
        }],
    },
    Bug {
        name: "boots that fail together count one by one",
        edits: &[Edit {
            file: PAUSE,
            find: "if self.length == 0 || boot.0 >= self.next_wave {",
            replace: "if true {",
        }],
    },
    Bug {
        name: "a boot that takes too long is no failure",
        edits: &[Edit {
            file: RUNNERS,
            find: "        self.act(PoolAction::FailBoot { runner });\n        self.give_up_boot(runner);\n        self.pause.boot_failed(runner, self.next_runner, now);",
            replace: "        self.act(PoolAction::FailBoot { runner });\n        self.give_up_boot(runner);\n        let _ = now;",
        }],
    },
    Bug {
        name: "the oldest boot is given back",
        edits: &[Edit {
            file: ROSTER,
            find: "self.orders.booting.last().copied()",
            replace: "self.orders.booting.first().copied()",
        }],
    },
    Bug {
        name: "crashes of fresh copies are no bad luck",
        edits: &[Edit {
            file: PAUSE,
            find: "if self.early_losses.length > 1 {",
            replace: "if false {",
        }],
    },
    Bug {
        name: "a call that ends does not end the bad luck",
        edits: &[Edit {
            file: WORK,
            find: "self.pause.call_ended();",
            replace: "",
        }],
    },
    Bug {
        name: "a boot that nobody needs is given up in a moment of rest",
        edits: &[Edit {
            file: SETTLE,
            find: "PoolStage::Open => self.timeouts.boot_linger,",
            replace: "PoolStage::Open => self.timeouts.boot_linger / 2,",
        }],
    },
    Bug {
        name: "nobody wakes the pool for boots too many",
        edits: &[Edit {
            file: SETTLE,
            find: "due_at.filter(|_| self.stage.serves())",
            replace: "due_at.filter(|_| self.stage.serves() && false)",
        }],
    },
    Bug {
        name: "boots too many count from their first moment, needed between or not",
        edits: &[Edit {
            file: SURPLUS,
            find: "self.since.resize(surplus, now);",
            replace: "self.since.resize(surplus.max(self.since.len()), now);",
        }],
    },
];
