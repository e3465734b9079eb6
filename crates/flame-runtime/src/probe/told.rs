use std::future::Future;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::time::Instant;

use flame_proto::probe::{ProbeReport, Verdict};

/// What a step comes to: what was found, or what went wrong.
pub(super) type Found = Result<Finding, String>;

/// What a step found that did not go wrong.
pub(super) enum Finding {
    /// It is as it should be.
    Fine(String),
    /// There was nothing to look at, for this reason.
    Nothing(&'static str),
}

/// Tells the doctor of each step. A doctor who has gone is told no more, and whoever is told of that ends.
pub(super) struct Told {
    doctor: UnixStream,
    failed: bool,
}

impl Told {
    pub(super) fn new(doctor: UnixStream) -> Self {
        Self {
            doctor,
            failed: false,
        }
    }

    /// Takes one step and tells of it. `None` if it failed.
    pub(super) async fn step<T>(
        &mut self,
        name: &str,
        step: impl Future<Output = Result<(T, Finding), String>>,
    ) -> Option<T> {
        self.say(&ProbeReport::Began {
            step: name.to_owned(),
        });
        let began_at = Instant::now();
        let found = step.await;
        let took = began_at.elapsed();
        let (value, verdict, detail) = match found {
            Ok((value, Finding::Fine(detail))) => (Some(value), Verdict::Passed, detail),
            Ok((value, Finding::Nothing(why))) => (Some(value), Verdict::Skipped, why.to_owned()),
            Err(what) => (None, Verdict::Failed, what),
        };
        self.failed |= verdict == Verdict::Failed;
        self.say(&ProbeReport::Ended {
            step: name.to_owned(),
            verdict,
            took,
            detail,
        });
        value
    }

    /// There are no further steps. What the process is to exit with.
    pub(super) fn finish(mut self) -> i32 {
        self.say(&ProbeReport::Finished);
        i32::from(self.failed)
    }

    fn say(&mut self, report: &ProbeReport) {
        self.failed |= writeln!(self.doctor, "{report}").is_err();
    }
}
