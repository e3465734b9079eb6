//! The suite passes backends that keep their promises.

use std::time::Duration;

use flame_local::ChildProcess;
use flame_testkit::ScriptedBackend;

flame_testkit::conformance_tests!(ScriptedBackend::new());

/// The instances are copies of this test binary; see `test_runner`.
mod child_process {
    use super::{ChildProcess, Duration};

    flame_testkit::conformance_tests!(ChildProcess::new(); patience = Duration::from_secs(30));
}

/// A backend that cannot tell how its instances end leaves that out.
mod without_exit_codes {
    use crate::flaws::{Flaw, Flawed};

    flame_testkit::conformance_tests!(
        Flawed::new(Flaw::EndedKnowsNothing);
        except = [ended_tells_the_exit_code, ended_tells_the_signal]
    );
}
