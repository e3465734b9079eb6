//! This test binary can be an instance of `ChildProcess`.

use flame_core::backend::lifeline;
use flame_testkit::conformance;

/// What `flame::test_runner!` writes, for an instance that does what the suite asks.
#[test]
fn flame_test_runner() {
    if std::env::var_os(lifeline::VARIABLE).is_none() {
        return;
    }
    conformance::act_if_told();
}
