//! Mistakes that people make when they write a pool or a runner, each as a change of the real source.

mod boots;
mod child;
mod idle;
mod net;
mod owner;
mod pins;
mod retry;
mod runner;
mod subtle;

pub(super) use boots::BOOT_BUGS;
pub(super) use child::CHILD_BUGS;
pub(super) use idle::IDLE_BUGS;
pub(super) use net::NET_BUGS;
pub(super) use owner::OWNER_BUGS;
pub(super) use pins::PIN_BUGS;
pub(super) use retry::RETRY_BUGS;
pub(super) use runner::RUNNER_BUGS;
pub(super) use subtle::SUBTLE_BUGS;

/// A mistake.
pub(super) struct Bug {
    pub(super) name: &'static str,
    pub(super) edits: &'static [Edit],
}

/// A change of one place, which must occur exactly once.
pub(super) struct Edit {
    /// Below `src`.
    pub(super) file: &'static str,
    pub(super) find: &'static str,
    pub(super) replace: &'static str,
}

const CALLERS: &str = "pool/state/callers.rs";
const ENDING: &str = "pool/state/ending.rs";
const LIMITS: &str = "pool/state/limits.rs";
const WORK: &str = "pool/state/work.rs";
const LEASE: &str = "pool/lease.rs";
const STAGE: &str = "pool/stage.rs";
const ORDERS: &str = "pool/roster/orders.rs";
const TOTALS: &str = "pool/totals.rs";
const RUNNERS: &str = "pool/state/runners.rs";
const SETTLE: &str = "pool/state/settle.rs";
const SURPLUS: &str = "pool/surplus.rs";
const ROSTER: &str = "pool/roster.rs";
const STATE: &str = "pool/state.rs";
const PAUSE: &str = "pool/pause.rs";
const GROWTH: &str = "pool/growth.rs";

/// Those that everybody makes in a pool.
pub(super) const BUGS: &[Bug] = &[
    Bug {
        name: "an end frees two slots",
        edits: &[Edit {
            file: ROSTER,
            find: "runner.leases.remove(&caller);",
            replace: "runner.leases.remove(&caller); runner.used = runner.used.saturating_sub(1);",
        }],
    },
    Bug {
        name: "a cancelled call keeps its slot",
        edits: &[Edit {
            file: WORK,
            find: "            SlotAfter::Free => {",
            replace: "            SlotAfter::Free if !stage.is_awaited() => {}\n            SlotAfter::Free => {",
        }],
    },
    Bug {
        name: "left values free their slot",
        edits: &[Edit {
            file: WORK,
            find: "                self.stop_lease_timers(caller);\n                self.leases.set_stage(caller, LeaseStage::Resident);",
            replace: "                self.vacate(caller, now);",
        }],
    },
    Bug {
        name: "the end of a lost call panics",
        edits: &[Edit {
            file: WORK,
            find: "            return false;\n        };\n        let (stage, runner, kind)",
            replace: "            panic!(\"unknown call\");\n        };\n        let (stage, runner, kind)",
        }],
    },
    Bug {
        name: "draining runners do not count",
        edits: &[Edit {
            file: SETTLE,
            find: "        wanted.min(room)",
            replace: "        wanted + 0 * room",
        }],
    },
    Bug {
        name: "a second connection is welcome",
        edits: &[Edit {
            file: RUNNERS,
            find: "        if !self.roster.signal(runner, RunnerSignal::Attached) {",
            replace: "        if !self.roster.signal(runner, RunnerSignal::Attached)\n            && self.roster.phase(runner) != Some(RunnerPhase::Ready)\n        {",
        }],
    },
    Bug {
        name: "a boot that was given up is welcome",
        edits: &[Edit {
            file: "runner/phase.rs",
            find: "(Self::Booting, Attached) => Some(Self::Ready),",
            replace: "(Self::Booting | Self::Reaping, Attached) => Some(Self::Ready),",
        }],
    },
    Bug {
        name: "surplus boots are kept",
        edits: &[Edit {
            file: SETTLE,
            find: "        self.give_up_newest(over);\n",
            replace: "        self.give_up_newest(over.min(excess));\n",
        }],
    },
    Bug {
        name: "boots under way do not count",
        edits: &[Edit {
            file: SETTLE,
            find: ".saturating_sub(runners.ready + runners.booting);\n        let room",
            replace: ".saturating_sub(runners.ready);\n        let room",
        }],
    },
    Bug {
        name: "a lost runner wakes nobody",
        edits: &[Edit {
            file: STATE,
            find: "        self.record(event, now);\n        self.settle(now);",
            replace: "        self.record(event, now);\n        if !matches!(event, PoolEvent::RunnerLost { .. }) {\n            self.settle(now);\n        }",
        }],
    },
    Bug {
        name: "after failures one boot is made",
        edits: &[Edit {
            file: SETTLE,
            find: "for _ in 0..self.missing() {",
            replace: "let most = if self.pause.failures() > 0 { 1 } else { usize::MAX };\n            for _ in 0..self.missing().min(most) {",
        }],
    },
    Bug {
        name: "the minimum is not restored",
        edits: &[Edit {
            file: RUNNERS,
            find: "            runner.leases.clear();\n            runner.used = 0;\n        });",
            replace: "            runner.leases.clear();\n            runner.used = 0;\n        });\n        self.floor = self.floor.saturating_sub(1);",
        }],
    },
    Bug {
        name: "there is no pause after a failed boot",
        edits: &[Edit {
            file: SETTLE,
            find: "if self.pause.until(now).is_none() {",
            replace: "if self.pause.until(now).is_none() || self.missing() > 0 {",
        }],
    },
    Bug {
        name: "a failed boot stays under way",
        edits: &[Edit {
            file: RUNNERS,
            find: "        if !self.give_up_boot(runner) {\n            return false;\n        }",
            replace: "        if self.roster.phase(runner) != Some(RunnerPhase::Booting) {\n            return false;\n        }",
        }],
    },
    Bug {
        name: "last come, first served",
        edits: &[Edit {
            file: "pool/queue.rs",
            find: "self.by_arrival.pop_first()?",
            replace: "self.by_arrival.pop_last()?",
        }],
    },
    Bug {
        name: "a shutdown forgets who waits",
        edits: &[Edit {
            file: ENDING,
            find: "            self.reject_waiting(RejectReason::PoolShutdown);",
            replace: "            while self.queue.pop_first().is_some() {}",
        }],
    },
    Bug {
        name: "who leaves the queue stays in it",
        edits: &[Edit {
            file: CALLERS,
            find: "        if let Some(ticket) = self.take_waiting(caller) {\n            self.stop_ticket_timers(&ticket);\n            self.totals(ticket.kind).left += 1;",
            replace: "        if self.queue.contains(caller) {\n            self.totals(CallerKind::Call).left += 1;",
        }],
    },
    Bug {
        name: "an end wakes nobody",
        edits: &[Edit {
            file: STATE,
            find: "        self.record(event, now);\n        self.settle(now);",
            replace: "        self.record(event, now);\n        if !matches!(event, PoolEvent::CallEnded { .. }) {\n            self.settle(now);\n        }",
        }],
    },
    Bug {
        name: "who waited too long is served",
        edits: &[Edit {
            file: SETTLE,
            find: "TimerReason::QueueDeadline { caller } => self.expire_waiting(caller),",
            replace: "TimerReason::QueueDeadline { .. } => {}",
        }],
    },
    Bug {
        name: "a failed boot fails who waits",
        edits: &[Edit {
            file: RUNNERS,
            find: "        if retry == Retry::Never && !self.has_lasting_runners() {",
            replace: "        if retry != Retry::Never || !self.has_lasting_runners() {",
        }],
    },
    Bug {
        name: "a draining runner is granted calls",
        edits: &[Edit {
            file: ROSTER,
            find: "is_open: runner.phase == RunnerPhase::Ready\n",
            replace: "is_open: matches!(runner.phase, RunnerPhase::Ready | RunnerPhase::Draining)\n",
        }],
    },
    Bug {
        name: "the fullest runner goes first",
        edits: &[Edit {
            file: ORDERS,
            find: "Placement::Spread => self.open.first()",
            replace: "Placement::Spread => self.open.last()",
        }],
    },
    Bug {
        name: "a lost runner's callers are not told",
        edits: &[Edit {
            file: WORK,
            find: "            self.act(PoolAction::LoseCaller { caller, runner });\n",
            replace: "",
        }],
    },
    Bug {
        name: "a busy runner is idle",
        edits: &[Edit {
            file: ROSTER,
            find: "            runner.grants += 1;\n            runner.idle = Idle::No;",
            replace: "            runner.grants += 1;",
        }],
    },
    Bug {
        name: "idle runners go below the minimum",
        edits: &[
            Edit {
                file: SETTLE,
                find: "let is_spare = staying > self.target();",
                replace: "let is_spare = staying > self.demand().runners(&self.limits);",
            },
            Edit {
                file: RUNNERS,
                find: "let is_spare = ready > self.target();",
                replace: "let is_spare = ready > self.demand().runners(&self.limits);",
            },
        ],
    },
];
