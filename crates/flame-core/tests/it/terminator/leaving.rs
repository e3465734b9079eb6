//! Whether long work is told that its runner is to end.

use std::time::Duration;

use flame_core::CallId;
use flame_core::terminator::{
    Link, ParentLoss, TerminatorEvent, TerminatorSettings, TerminatorState,
};

use crate::script::clock;

#[test]
fn a_runner_leaves_from_the_moment_in_which_it_takes_no_more_work() {
    for end in [
        TerminatorEvent::DrainRequested {
            timeout: Duration::from_secs(30),
        },
        TerminatorEvent::ParentLost {
            how: ParentLoss::Closed,
        },
    ] {
        let now = clock();
        let settings = TerminatorSettings {
            max_concurrency: 1,
            attach_timeout: Duration::from_secs(20),
            shutdown_timeout: Duration::from_secs(30),
            cancel_grace: Duration::from_secs(5),
            has_idle_check: false,
        };
        let mut runner = TerminatorState::new(settings, now);
        assert!(!runner.is_leaving());
        runner.handle_event(TerminatorEvent::Attached, now);
        let call = CallId(1);
        let link = Link::Detached;
        runner.handle_event(TerminatorEvent::CallReceived { call, link }, now);
        assert!(!runner.is_leaving());

        runner.handle_event(end, now);

        assert!(runner.is_leaving(), "{end:?}");
        assert_eq!(runner.running(), 1);
        runner.handle_event(TerminatorEvent::CallEnded { call }, now);
        assert!(runner.is_leaving());
    }
}
