//! What the app does in place of its own business when `flame doctor` has started it.
//!
//! A doctor of its own could not do it: it is another executable, so its runners would be of another build. What it
//! wants to know is what *this* program finds when it does what a pool does, step by step.

mod steps;
mod told;

use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixStream;
use std::process;
use std::sync::mpsc;

use flame_proto::probe::{ProbeRequest, VARIABLE};

use crate::threads::Threads;
use told::Told;

/// Comes back if no doctor has started this process. Otherwise it looks, tells what it finds, and ends the process.
pub(crate) fn answer_the_doctor() {
    let Some((request, told)) = called() else {
        return;
    };
    let (done, when_done) = mpsc::channel();
    // A caller that is on a runtime may not wait for a future of another one.
    Threads::library().spawn_control(async move {
        let code = steps::take(&request, told).await;
        let _ = done.send(code);
    });
    process::exit(when_done.recv().unwrap_or(1));
}

/// What the doctor wants, and where it listens. `None` where there is none, as in all that this process starts.
fn called() -> Option<(ProbeRequest, Told)> {
    let socket = std::env::var_os(VARIABLE)?;
    let stream = UnixStream::connect(socket).ok()?;
    let mut line = String::new();
    BufReader::new(stream.try_clone().ok()?)
        .read_line(&mut line)
        .ok()?;
    Some((line.parse().ok()?, Told::new(stream)))
}
