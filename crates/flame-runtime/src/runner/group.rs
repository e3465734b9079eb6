//! What tasks have started and left behind, ended by their runner before it ends itself.
//!
//! A parent on the same host gives its runner a process group of its own and kills the group when the
//! runner has ended, which is for runners that could not do so themselves: it may be gone by then.

#[cfg(target_os = "linux")]
pub(super) fn end_the_rest() {
    use rustix::process::{getpgrp, getpid};

    /// What is killed may have started something a moment ago, which the next look finds.
    const LOOKS: usize = 10;

    let own = getpid();
    // The group of somebody else is none of a runner's business.
    if getpgrp() == own {
        (0..LOOKS)
            .take_while(|_| linux::kill_others_of(own))
            .count();
    }
}

/// Other systems have no way to look into a group.
#[cfg(not(target_os = "linux"))]
pub(super) fn end_the_rest() {}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;

    use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

    /// Kills the living members of the group but its leader, and says whether there were any.
    pub(super) fn kill_others_of(leader: Pid) -> bool {
        let Ok(processes) = fs::read_dir("/proc") else {
            return false;
        };
        let others = processes
            .flatten()
            .filter_map(|process| Pid::from_raw(process.file_name().to_str()?.parse().ok()?))
            .filter(|process| *process != leader);
        others.filter(|other| kill(*other, leader)).count() > 0
    }

    fn kill(process: Pid, group: Pid) -> bool {
        // First the descriptor, then the question: so it is not asked about a later process of that number.
        let Ok(descriptor) = pidfd_open(process, PidfdFlags::empty()) else {
            return false;
        };
        is_living_member(process, group) && pidfd_send_signal(descriptor, Signal::KILL).is_ok()
    }

    fn is_living_member(process: Pid, group: Pid) -> bool {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        // After the name, which may contain anything: the state, the parent, the group.
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        let mut fields = after_name.split_whitespace();
        let state = fields.next();
        let member_of = fields.nth(1).and_then(|group| group.parse().ok());
        state.is_some_and(|state| state != "Z") && member_of.and_then(Pid::from_raw) == Some(group)
    }
}
