use std::fs::File;
use std::io;
use std::os::fd::AsFd;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// Lets this process write into nothing where it would write into a pipe that nobody reads any more.
///
/// Such a write fails, and `println!` then panics: work that goes on after the parent was lost must not end for
/// what it says.
pub(super) fn replace() {
    let nothing = || File::options().write(true).open("/dev/null");
    // It is for the little time that is left. What fails leaves things as they are.
    if is_broken(&io::stdout())
        && let Ok(nothing) = nothing()
    {
        let _ = rustix::stdio::dup2_stdout(nothing);
    }
    if is_broken(&io::stderr())
        && let Ok(nothing) = nothing()
    {
        let _ = rustix::stdio::dup2_stderr(nothing);
    }
}

fn is_broken(stream: &impl AsFd) -> bool {
    let mut polled = [PollFd::new(stream, PollFlags::OUT)];
    let at_once = Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    poll(&mut polled, Some(&at_once)).is_ok() && polled[0].revents().contains(PollFlags::ERR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_is_broken_when_nobody_reads_it() {
        let (reader, writer) = io::pipe().unwrap();
        assert!(!is_broken(&writer));
        drop(reader);
        assert!(is_broken(&writer));
    }
}
