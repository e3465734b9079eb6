//! Mistakes that are made where calls are begun again, and where callers are counted.

use super::{Bug, CALLERS, Edit, RUNNERS, STATE, TOTALS, WORK};

/// Those about retries and kinds.
pub(in crate::sim) const RETRY_BUGS: &[Bug] = &[
    Bug {
        name: "a call is begun again without end",
        edits: &[Edit {
            file: WORK,
            find: "            ticket.retries -= 1;\n",
            replace: "",
        }],
    },
    Bug {
        name: "no call is begun again",
        edits: &[Edit {
            file: WORK,
            find: "is_wanted && ticket.retries > 0",
            replace: "is_wanted && ticket.retries > u32::MAX",
        }],
    },
    Bug {
        name: "a call that was told to end is begun again",
        edits: &[Edit {
            file: WORK,
            find: "lease.stage == LeaseStage::Running && self.stage.serves()",
            replace: "lease.stage.is_awaited() && self.stage.serves()",
        }],
    },
    Bug {
        name: "a call whose caller left is begun again",
        edits: &[Edit {
            file: WORK,
            find: "lease.stage == LeaseStage::Running && self.stage.serves()",
            replace: "lease.stage != LeaseStage::Resident && self.stage.serves()",
        }],
    },
    Bug {
        name: "a call is begun again during the shutdown",
        edits: &[Edit {
            file: WORK,
            find: "lease.stage == LeaseStage::Running && self.stage.serves()",
            replace: "lease.stage == LeaseStage::Running",
        }],
    },
    Bug {
        name: "a call that begins again goes to the back",
        edits: &[Edit {
            file: WORK,
            find: "            ticket.had_slot = true;\n            ticket.lost_on",
            replace: "            ticket.had_slot = true;\n            ticket.arrival = self.next_arrival;\n            self.next_arrival += 1;\n            ticket.lost_on",
        }],
    },
    Bug {
        name: "calls that begin again fill the queue",
        edits: &[Edit {
            file: WORK,
            find: "            ticket.had_slot = true;\n            ticket.lost_on",
            replace: "            ticket.had_slot = false;\n            ticket.lost_on",
        }],
    },
    Bug {
        name: "a call that begins again may come too late for the queue",
        edits: &[Edit {
            file: WORK,
            find: "            // It had its slot in time.\n            ticket.queue_deadline = None;\n",
            replace: "",
        }],
    },
    Bug {
        name: "whoever may have run hears that it has not",
        edits: &[Edit {
            file: CALLERS,
            find: "        if let Some(runner) = ticket.lost_on {",
            replace: "        if let Some(runner) = ticket.lost_on.filter(|_| reason == RejectReason::QueueFull) {",
        }],
    },
    Bug {
        name: "the driver is not told that a call begins again",
        edits: &[Edit {
            file: WORK,
            find: "            self.act(PoolAction::RetryCaller { caller, runner });\n",
            replace: "",
        }],
    },
    Bug {
        name: "casts are counted as calls",
        edits: &[Edit {
            file: STATE,
            find: "                kind,\n                arrival",
            replace: "                kind: if kind == CallerKind::Cast { CallerKind::Call } else { kind },\n                arrival",
        }],
    },
    Bug {
        name: "a panic counts as a result",
        edits: &[Edit {
            file: TOTALS,
            find: "WorkEnd::Failed => &mut self.failed,",
            replace: "WorkEnd::Failed => &mut self.returned,",
        }],
    },
    Bug {
        name: "a lost child is forgotten",
        edits: &[Edit {
            file: WORK,
            find: "            self.totals(kind).lost += 1;",
            replace: "            self.totals(kind).lost += u64::from(kind != CallerKind::Child);",
        }],
    },
    Bug {
        name: "a boot that takes too long fails without a word",
        edits: &[Edit {
            file: RUNNERS,
            find: "        self.act(PoolAction::FailBoot { runner });\n",
            replace: "        if self.pause.failures() > 0 {\n            self.act(PoolAction::FailBoot { runner });\n        }\n",
        }],
    },
    Bug {
        name: "whoever may have run is counted as refused",
        edits: &[Edit {
            file: TOTALS,
            find: "            WorkEnd::NotStarted if was_lost => &mut self.lost,\n",
            replace: "            WorkEnd::NotStarted if was_lost && false => &mut self.lost,\n",
        }],
    },
];
