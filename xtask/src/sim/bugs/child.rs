//! Mistakes that are made where a child is placed.

use super::{Bug, Edit, LEASE, WORK};

/// Those about children.
pub(in crate::sim) const CHILD_BUGS: &[Bug] = &[
    Bug {
        name: "a child that lives keeps its deadline",
        edits: &[Edit {
            file: WORK,
            find: "if let Some(at) = accepted.deadline {",
            replace: "if let Some(at) = accepted.deadline.filter(|_| false) {",
        }],
    },
    Bug {
        name: "a child that lives is begun again",
        edits: &[Edit {
            file: LEASE,
            find: "        lease.ticket.retries = 0;\n",
            replace: "",
        }],
    },
    Bug {
        name: "calls are accepted like children",
        edits: &[Edit {
            file: LEASE,
            find: "!is_child || ",
            replace: "",
        }],
    },
];
