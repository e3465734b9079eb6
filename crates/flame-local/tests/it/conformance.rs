//! The contract of a backend, kept by both.

use flame_local::{ChildProcess, InProcess};

/// The instances are copies of this test binary; see `test_runner`.
mod child_process {
    use super::ChildProcess;

    flame_testkit::conformance_tests!(ChildProcess::new());
}

mod in_process {
    use super::InProcess;

    flame_testkit::conformance_tests!(InProcess::new());
}

mod in_process_on_the_current_runtime {
    use super::InProcess;

    flame_testkit::conformance_tests!(InProcess::on_current_runtime());
}
