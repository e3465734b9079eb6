//! Mistakes that are made where the owner of a pool changes its limits or ends it.

use super::{Bug, CALLERS, ENDING, Edit, LIMITS, ORDERS, ROSTER, SETTLE, STAGE, STATE, WORK};

/// Those about limits, drains and kills.
pub(in crate::sim) const OWNER_BUGS: &[Bug] = &[
    Bug {
        name: "a lower maximum drains nobody",
        edits: &[Edit {
            file: SETTLE,
            find: "            self.drain_surplus(now);\n",
            replace: "",
        }],
    },
    Bug {
        name: "a lower maximum drains the busiest",
        edits: &[Edit {
            file: ROSTER,
            find: ".min_by_key(|&(id, one)| (one.used, id))",
            replace: ".max_by_key(|&(id, one)| (one.used, id))",
        }],
    },
    Bug {
        name: "boots go on above a lower maximum",
        edits: &[Edit {
            file: SETTLE,
            find: "self.give_up_newest(excess.min(runners.booting));",
            replace: "let _ = excess;",
        }],
    },
    Bug {
        name: "runners keep the slots that they had",
        edits: &[Edit {
            file: ROSTER,
            find: "        for (&id, runner) in &self.runners {\n            let from",
            replace: "        for (&id, runner) in self.runners.iter().take(0) {\n            let from",
        }],
    },
    Bug {
        name: "a runner with too much work counts as several",
        edits: &[Edit {
            file: ORDERS,
            find: "self.used.min(self.max_concurrency)",
            replace: "self.used",
        }],
    },
    Bug {
        name: "runners are not told of new limits",
        edits: &[Edit {
            file: LIMITS,
            find: "                self.act(PoolAction::TellLimits { runner });\n",
            replace: "",
        }],
    },
    Bug {
        name: "runners are told what they know",
        edits: &[Edit {
            file: LIMITS,
            find: "if is_news && is_attached(phase) {",
            replace: "if (is_news || true) && is_attached(phase) {",
        }],
    },
    Bug {
        name: "boots are told of new limits",
        edits: &[Edit {
            file: LIMITS,
            find: "if is_news && is_attached(phase) {",
            replace: "if is_news && (is_attached(phase) || phase == RunnerPhase::Booting) {",
        }],
    },
    Bug {
        name: "a higher minimum waits for work",
        edits: &[Edit {
            file: LIMITS,
            find: "if limits.min() > self.limits.min() {",
            replace: "if false {",
        }],
    },
    Bug {
        name: "a lower minimum is not believed",
        edits: &[Edit {
            file: LIMITS,
            find: "            self.floor.min(limits.min())",
            replace: "            self.floor",
        }],
    },
    Bug {
        name: "new timeouts are ignored",
        edits: &[Edit {
            file: LIMITS,
            find: "        self.timeouts = timeouts;\n",
            replace: "",
        }],
    },
    Bug {
        name: "new limits are ignored by growth",
        edits: &[Edit {
            file: LIMITS,
            find: "        self.limits = limits;\n",
            replace: "",
        }],
    },
    Bug {
        name: "pauses keep their lengths",
        edits: &[Edit {
            file: LIMITS,
            find: "        self.pause\n            .set_lengths(timeouts.boot_backoff_first, timeouts.boot_backoff_max);\n",
            replace: "",
        }],
    },
    Bug {
        name: "used runners of a pool that is now single-use stay",
        edits: &[Edit {
            file: LIMITS,
            find: "            self.review(runner, now);\n",
            replace: "            let _ = now;\n",
        }],
    },
    Bug {
        name: "a smaller queue turns away who waits",
        edits: &[Edit {
            file: LIMITS,
            find: "        self.roster.set_limits(&limits);",
            replace: "        self.roster.set_limits(&limits);\n        if self.queue.newcomers() > limits.max_queue() {\n            self.reject_waiting(crate::pool::RejectReason::QueueFull);\n        }",
        }],
    },
    Bug {
        name: "a draining pool takes newcomers",
        edits: &[Edit {
            file: CALLERS,
            find: "            PoolStage::Open => (!has_room).then_some(RejectReason::QueueFull),\n            PoolStage::Draining\n            | PoolStage::ShuttingDown",
            replace: "            PoolStage::Open | PoolStage::Draining => {\n                (!has_room).then_some(RejectReason::QueueFull)\n            }\n            PoolStage::ShuttingDown",
        }],
    },
    Bug {
        name: "a drain turns away who waits",
        edits: &[Edit {
            file: ENDING,
            find: "            self.drain_until = until;",
            replace: "            self.drain_until = until;\n            self.reject_waiting(RejectReason::PoolShutdown);",
        }],
    },
    Bug {
        name: "a drain boots nothing for those who wait",
        edits: &[Edit {
            file: SETTLE,
            find: "                self.grow(now);",
            replace: "                if self.stage == PoolStage::Open {\n                    self.grow(now);\n                }",
        }],
    },
    Bug {
        name: "a drain never ends",
        edits: &[Edit {
            file: SETTLE,
            find: "            self.end_drain(now);\n",
            replace: "",
        }],
    },
    Bug {
        name: "a drain does not look at who runs",
        edits: &[Edit {
            file: ENDING,
            find: "if nobody_waits && self.leases.awaited() == 0 {",
            replace: "if nobody_waits {",
        }],
    },
    Bug {
        name: "a drain waits for what nobody waits for",
        edits: &[Edit {
            file: ENDING,
            find: "if nobody_waits && self.leases.awaited() == 0 {",
            replace: "if nobody_waits && self.leases.is_empty() {",
        }],
    },
    Bug {
        name: "the time of a drain is never over",
        edits: &[Edit {
            file: SETTLE,
            find: "TimerReason::PoolDrainTimeout => self.drain_timed_out(now),",
            replace: "TimerReason::PoolDrainTimeout => self.drain_until = None,",
        }],
    },
    Bug {
        name: "a later end of a drain counts",
        edits: &[Edit {
            file: ENDING,
            find: "self.drain_until.is_none_or(|before| at < before)",
            replace: "self.drain_until.is_none_or(|before| at != before)",
        }],
    },
    Bug {
        name: "a sooner end of a drain does not count",
        edits: &[Edit {
            file: ENDING,
            find: "let is_sooner = has_begun || self.is_sooner(until);",
            replace: "let is_sooner = has_begun || self.is_sooner(until) && false;",
        }],
    },
    Bug {
        name: "a drain keeps the minimum",
        edits: &[Edit {
            file: STATE,
            find: "            PoolStage::Open => self.floor,\n            PoolStage::Draining\n            | PoolStage::ShuttingDown",
            replace: "            PoolStage::Open | PoolStage::Draining => self.floor,\n            PoolStage::ShuttingDown",
        }],
    },
    Bug {
        name: "a drain keeps the warm headroom",
        edits: &[Edit {
            file: STATE,
            find: "                PoolStage::Open => self.limits.warm(),\n                PoolStage::Draining\n                | PoolStage::ShuttingDown",
            replace: "                PoolStage::Open | PoolStage::Draining => self.limits.warm(),\n                PoolStage::ShuttingDown",
        }],
    },
    Bug {
        name: "a drain keeps idle runners",
        edits: &[Edit {
            file: SETTLE,
            find: "            self.drain_idle(now);\n",
            replace: "",
        }],
    },
    Bug {
        name: "a kill lets runners finish",
        edits: &[Edit {
            file: ENDING,
            find: "                    self.end_runner(runner);\n",
            replace: "",
        }],
    },
    Bug {
        name: "a kill forgets who runs",
        edits: &[Edit {
            file: ENDING,
            find: "                        self.cancel_for_shutdown(caller);\n",
            replace: "                        let _ = caller;\n",
        }],
    },
    Bug {
        name: "a pool that drains is not killed",
        edits: &[Edit {
            file: STAGE,
            find: "(Self::Open | Self::Draining | Self::ShuttingDown, KillRequested)",
            replace: "(Self::Open | Self::ShuttingDown, KillRequested)",
        }],
    },
    Bug {
        name: "a pool that shuts down is not killed",
        edits: &[Edit {
            file: STAGE,
            find: "(Self::Open | Self::Draining | Self::ShuttingDown, KillRequested)",
            replace: "(Self::Open | Self::Draining, KillRequested)",
        }],
    },
    Bug {
        name: "who is cancelled by the shutdown waits on",
        edits: &[Edit {
            file: WORK,
            find: "        let interest = Interest::Answered;\n        self.leases\n            .set_stage(caller, LeaseStage::Cancelling { interest });\n        self.totals(kind).cancelled += 1;",
            replace: "        self.totals(kind).cancelled += 1;",
        }],
    },
];
