//! Mistakes that only a close look shows.

use super::{Bug, CALLERS, Edit, GROWTH, PAUSE, QUEUE, ROSTER, RUNNERS, SETTLE, STATE};

/// Those that are made in a pool by people who know the others.
pub(in crate::sim) const SUBTLE_BUGS: &[Bug] = &[
    Bug {
        name: "draining work is never cancelled",
        edits: &[Edit {
            file: SETTLE,
            find: "self.drain_timed_out(runner, now);",
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
            replace: "            let _ = now; self.drain_timed_out(runner, now);",
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
            file: CALLERS,
            find: "        if stage == LeaseStage::Running {\n            self.act(PoolAction::CancelCall {",
            replace: "        if stage == LeaseStage::Running && reason != CancelReason::CallerGone {\n            self.act(PoolAction::CancelCall {",
        }],
    },
    Bug {
        name: "work goes on after its deadline",
        edits: &[Edit {
            file: CALLERS,
            find: "        if stage == LeaseStage::Running {\n            self.act(PoolAction::CancelCall {",
            replace: "        if stage == LeaseStage::Running && reason != CancelReason::DeadlinePassed {\n            self.act(PoolAction::CancelCall {",
        }],
    },
    Bug {
        name: "work is cancelled twice",
        edits: &[Edit {
            file: CALLERS,
            find: "        if stage == LeaseStage::Running {\n            self.act(PoolAction::CancelCall {",
            replace: "        if stage != LeaseStage::Resident {\n            self.act(PoolAction::CancelCall {",
        }],
    },
    Bug {
        name: "a returned call goes to the back",
        edits: &[Edit {
            file: CALLERS,
            find: "            self.enqueue(Ticket {\n                returned: true,",
            replace: "            self.next_arrival += 1;\n            self.enqueue(Ticket {\n                arrival: self.next_arrival - 1,\n                returned: true,",
        }],
    },
    Bug {
        name: "returned calls fill the queue",
        edits: &[Edit {
            file: CALLERS,
            find: "                returned: true,\n                ..lease.ticket",
            replace: "                returned: false,\n                ..lease.ticket",
        }],
    },
    Bug {
        name: "the queue has no limit",
        edits: &[Edit {
            file: SETTLE,
            find: "self.turn_away();",
            replace: "",
        }],
    },
    Bug {
        name: "the queue is full too early",
        edits: &[Edit {
            file: CALLERS,
            find: "while self.queue.newcomers() > self.limits.max_queue()",
            replace: "while self.queue.newcomers() + 1 > self.limits.max_queue()",
        }],
    },
    Bug {
        name: "whoever came first is turned away",
        edits: &[Edit {
            file: QUEUE,
            find: "self.by_arrival.last_key_value()?",
            replace: "self.by_arrival.first_key_value()?",
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
            find: "        self.roster.change(runner, |runner| runner.leases.clear());\n        self.destroy(runner);",
            replace: "        self.roster.change(runner, |runner| runner.leases.clear());",
        }],
    },
    Bug {
        name: "a failed boot's instance is kept",
        edits: &[Edit {
            file: RUNNERS,
            find: "        if given_up {\n            self.destroy(runner);\n        }",
            replace: "",
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
            find: ".saturating_add(limits.warm())",
            replace: "",
        }],
    },
    Bug {
        name: "a used-up runner is kept",
        edits: &[Edit {
            file: RUNNERS,
            find: "RunnerPhase::Ready if is_used_up || is_out_of_step",
            replace: "RunnerPhase::Ready if is_out_of_step",
        }],
    },
    Bug {
        name: "callers wait for boots that cannot succeed",
        edits: &[Edit {
            file: RUNNERS,
            find: "self.reject_waiting(RejectReason::BootFailed);",
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
        name: "the end is confirmed too early",
        edits: &[Edit {
            file: SETTLE,
            find: "if self.roster.is_empty() && self.leases.is_empty() {",
            replace: "if self.leases.is_empty() {",
        }],
    },
    Bug {
        name: "the end is confirmed again and again",
        edits: &[Edit {
            file: SETTLE,
            find: "self.stage = Stage::Ended;",
            replace: "",
        }],
    },
    Bug {
        name: "a shutdown lets boots go on",
        edits: &[Edit {
            file: RUNNERS,
            find: "                RunnerPhase::Booting => {\n                    self.give_up_boot(runner);\n                }",
            replace: "                RunnerPhase::Booting => {}",
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
            file: SETTLE,
            find: "                        self.pause.boot_failed(runner, self.next_runner, now);",
            replace: "                        ",
        }],
    },
    Bug {
        name: "owners of lost values are not told",
        edits: &[Edit {
            file: CALLERS,
            find: "            self.act(PoolAction::LoseResidents { caller, runner });",
            replace: "",
        }],
    },
    Bug {
        name: "a caller is answered twice",
        edits: &[Edit {
            file: CALLERS,
            find: "if lease.stage.is_awaited() {\n            self.totals.lost += 1;",
            replace: "if lease.stage != LeaseStage::Resident {\n            self.totals.lost += 1;",
        }],
    },
    Bug {
        name: "an expired call completes",
        edits: &[Edit {
            file: CALLERS,
            find: "        if stage.is_awaited() {\n            self.totals.completed += 1;\n        }",
            replace: "        self.totals.completed += 1;",
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
            file: CALLERS,
            find: "self.pause.call_ended();",
            replace: "",
        }],
    },
];
