use super::{Bug, Edit};

const DRIVER: &str = "runner/driver.rs";
const INBOUND: &str = "link/inbound.rs";
const SESSION: &str = "parent/session.rs";
const SHARED: &str = "pool/shared.rs";

/// Those that only a network shows. Files are below the runtime's `src`.
pub(crate) const NET_BUGS: &[Bug] = &[
    Bug {
        name: "a runner bears the silence of its parent",
        edits: &[Edit {
            file: DRIVER,
            find: "Heard::Silent => self.lose_parent(ParentLoss::Silent),",
            replace: "Heard::Silent => {}",
        }],
    },
    Bug {
        name: "a parent bears the silence of its runner",
        edits: &[Edit {
            file: SESSION,
            find: "Heard::Silent => break SessionEnd::Silent,",
            replace: "Heard::Silent => {}",
        }],
    },
    Bug {
        name: "silence is told from the first frame on",
        edits: &[
            Edit {
                file: INBOUND,
                find: "                    self.silent_ticks = 0;\n                    Heard::Frames",
                replace: "                    Heard::Frames",
            },
            Edit {
                file: INBOUND,
                find: "if self.hears_bytes() {",
                replace: "if self.hears_bytes() && self.silent_ticks == 0 {",
            },
        ],
    },
    Bug {
        name: "a runner has no heartbeat",
        edits: &[Edit {
            file: DRIVER,
            find: "Heard::Tick => self.send(RunnerFrame::Heartbeat),",
            replace: "Heard::Tick => {}",
        }],
    },
    Bug {
        name: "calls of a lost runner have not begun",
        edits: &[Edit {
            file: SHARED,
            find: "            self.return_unsent(&mut inner, session, unsent);\n",
            replace: "            self.return_unsent(&mut inner, session, unsent);\n            \
                      let sent: Vec<_> = inner.runners.get(&runner).into_iter().flat_map(|it| it.calls.keys().copied()).collect();\n            \
                      for call in sent {\n                if let Some(caller) = self.end_call(&mut inner, runner, call) {\n                    \
                      self.handle_locked(&mut inner, PoolEvent::CallReturned { caller });\n                }\n            }\n",
        }],
    },
];
