//! Mistakes that are made where calls need values that others have left.

use super::{Bug, CALLERS, Edit, SETTLE, STATE, WORK};

const LEASE: &str = "pool/lease.rs";
const PINS: &str = "pool/state/pins.rs";

/// Those about values and who needs them.
pub(in crate::sim) const PIN_BUGS: &[Bug] = &[
    Bug {
        name: "a call beside values takes another slot",
        edits: &[Edit {
            file: CALLERS,
            find: "place.slot.unwrap_or(ticket.arrival)",
            replace: "ticket.arrival + 0 * place.slot.unwrap_or(0)",
        }],
    },
    Bug {
        name: "two calls work in the slot of values",
        edits: &[Edit {
            file: LEASE,
            find: "            Some(_) => Occupancy::Work,",
            replace: "            Some(_) => Occupancy::Values,",
        }],
    },
    Bug {
        name: "released values free the slot of the call in it",
        edits: &[Edit {
            file: LEASE,
            find: "            (0, None) => Share::Whole,",
            replace: "            (0, _) => Share::Whole,",
        }],
    },
    Bug {
        name: "the end of a call frees the slot of values",
        edits: &[Edit {
            file: LEASE,
            find: "            (0, None) => Share::Whole,",
            replace: "            (_, None) => Share::Whole,",
        }],
    },
    Bug {
        name: "values beside others do not count",
        edits: &[Edit {
            file: LEASE,
            find: "                kept.groups += 1;",
            replace: "                kept.groups = 1;",
        }],
    },
    Bug {
        name: "a call that leaves values stays at work",
        edits: &[Edit {
            file: LEASE,
            find: "                kept.groups += 1;\n                kept.worker = None;",
            replace: "                kept.groups += 1;",
        }],
    },
    Bug {
        name: "whoever needs values boots a runner",
        edits: &[Edit {
            file: STATE,
            find: "            waiting: self.queue.len(),",
            replace: "            waiting: self.queue.len() + self.pins.len(),",
        }],
    },
    Bug {
        name: "whoever needs lost values waits for ever",
        edits: &[Edit {
            file: SETTLE,
            find: "            self.reject_stranded();\n",
            replace: "",
        }],
    },
    Bug {
        name: "values on a draining runner are used",
        edits: &[Edit {
            file: PINS,
            find: "            && self.roster.phase(lease.runner) == Some(RunnerPhase::Ready);",
            replace: "            && self.roster.phase(lease.runner) != Some(RunnerPhase::Booting);",
        }],
    },
    Bug {
        name: "the values of work that runs can be needed",
        edits: &[Edit {
            file: PINS,
            find: "lease.stage == LeaseStage::Resident\n",
            replace: "lease.stage != LeaseStage::Running || lease.stage == LeaseStage::Running\n",
        }],
    },
    Bug {
        name: "a call is begun again without its values",
        edits: &[Edit {
            file: WORK,
            find: " && ticket.pin.is_none()",
            replace: "",
        }],
    },
    Bug {
        name: "whoever needs values overtakes the others",
        edits: &[Edit {
            file: CALLERS,
            find: "|(other, _)| arrival < other",
            replace: "|(other, _)| arrival != other",
        }],
    },
    Bug {
        name: "whoever needs values is always the last",
        edits: &[Edit {
            file: CALLERS,
            find: "|(other, _)| arrival < other",
            replace: "|(other, _)| arrival > other",
        }],
    },
    Bug {
        name: "the last of those who need values goes first",
        edits: &[Edit {
            file: PINS,
            find: "placed.min_by_key(",
            replace: "placed.max_by_key(",
        }],
    },
    Bug {
        name: "a second call waits beside a free slot",
        edits: &[Edit {
            file: PINS,
            find: "Occupancy::Work if self.roster.is_open(runner) =>",
            replace: "Occupancy::Work if self.roster.is_open(runner) && false =>",
        }],
    },
    Bug {
        name: "a full runner takes one more for its values",
        edits: &[Edit {
            file: PINS,
            find: "Occupancy::Work if self.roster.is_open(runner) =>",
            replace: "Occupancy::Work if self.roster.is_open(runner) || true =>",
        }],
    },
    Bug {
        name: "a shutdown drops who waits for values",
        edits: &[Edit {
            file: CALLERS,
            find: "self.pins.pop_any() {\n            self.turn_out(&ticket, reason);",
            replace: "self.pins.pop_any() {\n            self.stop_ticket_timers(&ticket);",
        }],
    },
    Bug {
        name: "whoever needs values takes room from the others",
        edits: &[Edit {
            file: CALLERS,
            find: "self.queue.newcomers()),\n        };",
            replace: "self.queue.newcomers() + self.pins.newcomers()),\n        };",
        }],
    },
    Bug {
        name: "who leaves the queue for values stays in it",
        edits: &[Edit {
            file: CALLERS,
            find: "unpinned.or_else(|| self.pins.remove(caller))",
            replace: "unpinned",
        }],
    },
    Bug {
        name: "whoever needs values has no patience to lose",
        edits: &[Edit {
            file: CALLERS,
            find: "        if let Some(at) = ticket.queue_deadline {\n            let caller = ticket.caller;\n            self.timers.set(",
            replace: "        if let Some(at) = ticket.queue_deadline.filter(|_| ticket.pin.is_none()) {\n            let caller = ticket.caller;\n            self.timers.set(",
        }],
    },
];
