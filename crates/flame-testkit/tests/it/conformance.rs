//! The suite passes a backend that keeps its promises.

use flame_testkit::ScriptedBackend;

flame_testkit::conformance_tests!(ScriptedBackend::new());
