//! Mistakes that only a close look shows.

use super::{Bug, CALLERS, ENDING, Edit, GROWTH, RUNNERS, SETTLE, STAGE, STATE, WORK};

/// Those that are made in a pool by people who know the others.
pub(in crate::sim) const SUBTLE_BUGS: &[Bug] = &[
    Bug {
        name: "draining work is never cancelled",
        edits: &[Edit {
            file: SETTLE,
            find: "self.runner_drain_timed_out(runner, now);",
            replace: "",
        }],
    },
    Bug {
        name: "a runner that drains too long is not killed",
        edits: &[Edit {
            file: SETTLE,
            find: "TimerReason::DrainGrace { runner } | TimerReason::PoisonTimeout { runner } => {\n                    self.forget_timer(runner);\n                    self.end_runner(runner);",
            replace: "TimerReason::DrainGrace { runner } | TimerReason::PoisonTimeout { runner } => {\n                    self.forget_timer(runner);\n                    if matches!(reason, TimerReason::PoisonTimeout{..}) {self.end_runner(runner);}",
        }],
    },
    Bug {
        name: "a drain gives no time",
        edits: &[Edit {
            file: RUNNERS,
            find: "            let until = after(now, self.timeouts.shutdown_timeout);\n            self.set_timer(runner, until, TimerReason::DrainTimeout { runner });",
            replace: "            let _ = now; self.runner_drain_timed_out(runner, now);",
        }],
    },
    Bug {
        name: "work may ignore its cancel for ever",
        edits: &[Edit {
            file: SETTLE,
            find: "TimerReason::CancelGrace { caller } => self.cancel_ignored(caller, now),",
            replace: "TimerReason::CancelGrace { .. } => {}",
        }],
    },
    Bug {
        name: "a poisoned runner is not killed",
        edits: &[Edit {
            file: SETTLE,
            find: "TimerReason::DrainGrace { runner } | TimerReason::PoisonTimeout { runner } => {\n                    self.forget_timer(runner);\n                    self.end_runner(runner);",
            replace: "TimerReason::DrainGrace { runner } | TimerReason::PoisonTimeout { runner } => {\n                    self.forget_timer(runner);\n                    if matches!(reason, TimerReason::DrainGrace{..}) {self.end_runner(runner);}",
        }],
    },
    Bug {
        name: "poison kills the neighbors at once",
        edits: &[Edit {
            file: RUNNERS,
            find: "RunnerPhase::Poisoned if !self.has_work_worth_keeping(id) => {",
            replace: "RunnerPhase::Poisoned => {",
        }],
    },
    Bug {
        name: "poison leaves the neighbors too little time",
        edits: &[Edit {
            file: RUNNERS,
            find: "            let until = after(now, self.timeouts.shutdown_timeout);\n            self.set_timer(runner, until, TimerReason::PoisonTimeout { runner });",
            replace: "            self.set_timer(runner, after(now, self.timeouts.cancel_grace), TimerReason::PoisonTimeout { runner });",
        }],
    },
    Bug {
        name: "a poisoned runner without work is kept",
        edits: &[Edit {
            file: RUNNERS,
            find: "RunnerPhase::Poisoned if !self.has_work_worth_keeping(id) => {",
            replace: "RunnerPhase::Poisoned if false => {",
        }],
    },
    Bug {
        name: "poison gives a draining runner more time",
        edits: &[Edit {
            file: RUNNERS,
            find: "        if was_ready {\n",
            replace: "        {\n",
        }],
    },
    Bug {
        name: "work goes on when its caller leaves",
        edits: &[Edit {
            file: WORK,
            find: "        if stage == LeaseStage::Running {\n            self.act(PoolAction::CancelCall {",
            replace: "        if stage == LeaseStage::Running && reason != CancelReason::CallerGone {\n            self.act(PoolAction::CancelCall {",
        }],
    },
    Bug {
        name: "work goes on after its deadline",
        edits: &[Edit {
            file: WORK,
            find: "        if stage == LeaseStage::Running {\n            self.act(PoolAction::CancelCall {",
            replace: "        if stage == LeaseStage::Running && reason != CancelReason::DeadlinePassed {\n            self.act(PoolAction::CancelCall {",
        }],
    },
    Bug {
        name: "work is cancelled twice",
        edits: &[Edit {
            file: WORK,
            find: "        if stage == LeaseStage::Running {\n            self.act(PoolAction::CancelCall {",
            replace: "        if stage != LeaseStage::Resident {\n            self.act(PoolAction::CancelCall {",
        }],
    },
    Bug {
        name: "a returned call goes to the back",
        edits: &[Edit {
            file: WORK,
            find: "            ticket.had_slot = true;\n            self.enqueue(ticket);",
            replace: "            ticket.had_slot = true;\n            ticket.arrival = self.next_arrival;\n            self.next_arrival += 1;\n            self.enqueue(ticket);",
        }],
    },
    Bug {
        name: "returned calls fill the queue",
        edits: &[Edit {
            file: WORK,
            find: "            ticket.had_slot = true;\n            self.enqueue(ticket);",
            replace: "            ticket.had_slot = false;\n            self.enqueue(ticket);",
        }],
    },
    Bug {
        name: "the queue has no limit",
        edits: &[Edit {
            file: CALLERS,
            find: "(!has_room).then_some(RejectReason::QueueFull)",
            replace: "(!has_room && false).then_some(RejectReason::QueueFull)",
        }],
    },
    Bug {
        name: "the queue is full too early",
        edits: &[Edit {
            file: CALLERS,
            find: "has_slot || newcomers < self.limits.max_queue()",
            replace: "has_slot || newcomers + 1 < self.limits.max_queue()",
        }],
    },
    Bug {
        name: "a full queue refuses whoever could run at once",
        edits: &[Edit {
            file: CALLERS,
            find: "has_slot || newcomers",
            replace: "!has_slot && newcomers",
        }],
    },
    Bug {
        name: "a failed destroy is not repeated",
        edits: &[Edit {
            file: RUNNERS,
            find: "self.set_timer(runner, after(now, pause.max(SHORTEST_PAUSE)), reason);",
            replace: "let _ = (pause, reason);",
        }],
    },
    Bug {
        name: "a failed destroy is repeated at once",
        edits: &[Edit {
            file: RUNNERS,
            find: "self.set_timer(runner, after(now, pause.max(SHORTEST_PAUSE)), reason);",
            replace: "let _ = (pause,reason); self.destroy(runner);",
        }],
    },
    Bug {
        name: "a lost runner's instance is kept",
        edits: &[Edit {
            file: RUNNERS,
            find: "            runner.used = 0;\n        });\n        self.destroy(runner);",
            replace: "            runner.used = 0;\n        });",
        }],
    },
    Bug {
        name: "a runner that says no goes",
        edits: &[Edit {
            file: RUNNERS,
            find: "if idle && (is_spare || may_go_below) {",
            replace: "if is_spare || may_go_below {",
        }],
    },
    Bug {
        name: "a runner that says no is forgotten",
        edits: &[Edit {
            file: RUNNERS,
            find: "        } else {\n            self.roster\n                .change(runner, |runner| runner.idle = Idle::Since(now));\n        }\n        true",
            replace: "        } else {}\n        true",
        }],
    },
    Bug {
        name: "an answer is waited for for ever",
        edits: &[Edit {
            file: SETTLE,
            find: "            if lapsed_at > now {\n                break;\n            }",
            replace: "            if lapsed_at > now || true {\n                break;\n            }",
        }],
    },
    Bug {
        name: "no idle runner is asked to go",
        edits: &[Edit {
            file: SETTLE,
            find: "self.act(PoolAction::ProposeIdle { runner });",
            replace: "",
        }],
    },
    Bug {
        name: "the last runners go too early",
        edits: &[Edit {
            file: SETTLE,
            find: "span.max(self.idle_span())",
            replace: "self.idle_span()",
        }],
    },
    Bug {
        name: "the last runners never go",
        edits: &[Edit {
            file: SETTLE,
            find: "let span = self.timeouts.min_idle_shutdown_after?;",
            replace: "return None; #[allow(unreachable_code)] let span = self.timeouts.min_idle_shutdown_after?;",
        }],
    },
    Bug {
        name: "the minimum is not restored by work",
        edits: &[Edit {
            file: CALLERS,
            find: "self.floor = self.limits.min();",
            replace: "",
        }],
    },
    Bug {
        name: "there is no warm headroom",
        edits: &[Edit {
            file: GROWTH,
            find: ".saturating_add(self.warm)",
            replace: "",
        }],
    },
    Bug {
        name: "a used-up runner is kept",
        edits: &[Edit {
            file: RUNNERS,
            find: "RunnerPhase::Ready if is_used_up =>",
            replace: "RunnerPhase::Ready if is_used_up && is_out_of_step =>",
        }],
    },
    Bug {
        name: "the end is confirmed too early",
        edits: &[Edit {
            file: ENDING,
            find: "if self.roster.is_empty()\n            && self",
            replace: "if self",
        }],
    },
    Bug {
        name: "the end is confirmed again and again",
        edits: &[Edit {
            file: STAGE,
            find: "LastRunnerGone) => Some(Self::Ended),",
            replace: "LastRunnerGone) => Some(self),",
        }],
    },
    Bug {
        name: "owners of lost values are not told",
        edits: &[Edit {
            file: WORK,
            find: "            self.act(PoolAction::LoseResidents { caller, runner });",
            replace: "",
        }],
    },
    Bug {
        name: "a caller is answered twice",
        edits: &[Edit {
            file: WORK,
            find: "        } else if lease.stage.is_awaited() {\n            self.stop_deadline(&lease.ticket);",
            replace: "        } else if lease.stage != LeaseStage::Resident {\n            if lease.stage.is_awaited() {\n                self.stop_deadline(&lease.ticket);\n            }",
        }],
    },
    Bug {
        name: "an expired call completes",
        edits: &[Edit {
            file: WORK,
            find: "        if stage.is_awaited() {\n            self.totals(kind).add_end(end, was_lost);\n        }",
            replace: "        self.totals(kind).add_end(end, was_lost);",
        }],
    },
    Bug {
        name: "news overtake deadlines",
        edits: &[Edit {
            file: STATE,
            find: "        if is_due {\n            self.settle(now);\n        }\n",
            replace: "",
        }],
    },
    Bug {
        name: "time goes back",
        edits: &[Edit {
            file: STATE,
            find: "self.now.map_or(now, |before| before.max(now))",
            replace: "now",
        }],
    },
    Bug {
        name: "a runner may refuse calls for ever",
        edits: &[Edit {
            file: RUNNERS,
            find: "let is_out_of_step = runner.returns_in_a_row >= RETURNS_BEFORE_DRAIN;",
            replace: "let is_out_of_step = false;",
        }],
    },
];
