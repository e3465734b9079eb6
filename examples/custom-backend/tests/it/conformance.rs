//! The contract of a backend, kept.

use std::sync::Arc;

use custom_backend::SshBackend;
use flame::{Backend, InProcess, ParentAddress};

use crate::sshd::hosts;

/// What an instance runs: a copy of this test binary, in which the other tests are not run.
#[test]
fn act() {
    flame_testkit::conformance::act_if_told();
}

/// Where no server is installed, tests have something to look at, and have said that it is not this backend.
fn backend() -> Arc<dyn Backend> {
    let Some(hosts) = hosts() else {
        return Arc::new(InProcess::new());
    };
    let this = std::env::current_exe().unwrap();
    let command = format!("'{}' --exact conformance::act", this.display());
    let parent = ParentAddress::new("127.0.0.1:0".parse().unwrap());
    Arc::new(SshBackend::new(hosts, command, parent))
}

flame_testkit::conformance_tests!(backend());
