//! Whether the kernel killed a process for its memory use, as the process's control group tells.
//!
//! Such a kill is a SIGKILL like any other, except that the group counts it. So the count at the start of
//! a process is remembered, and a SIGKILL that finds it grown is one of those. Each counted kill explains
//! one death: a runner that somebody else kills later, in the same group, is not taken for a second one.
//!
//! What the kernel kills beside the runners of this process, such as a program that a task has started,
//! counts as well and cannot be told apart: the next SIGKILL of a runner is then explained wrongly.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustix::process::Pid;

/// The files in which a group counts its kills, the most exact first: of version 2 of control groups,
/// then of version 1.
const FILES_V2: &[&str] = &["memory.events.local", "memory.events"];
/// See [`FILES_V2`].
const FILES_V1: &[&str] = &["memory.oom_control"];

/// The kills in the control group of one process, from its start on.
#[derive(Debug)]
pub(super) struct OomKills {
    file: PathBuf,
    at_start: u64,
}

impl OomKills {
    /// Looks at the group that the process is in. `None` where nothing is counted: on other systems than
    /// Linux, and where the kernel has no memory groups.
    pub(super) fn since_now(process: Pid) -> Option<Self> {
        let groups = fs::read_to_string(format!("/proc/{process}/cgroup")).ok()?;
        let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
        counting_files(&groups, &mounts).find_map(|file| {
            let at_start = count(&file)?;
            Some(Self { file, at_start })
        })
    }

    /// Whether there was a kill that has not explained another death.
    pub(super) fn claim(&self) -> bool {
        static CLAIMED: Mutex<BTreeMap<PathBuf, u64>> = Mutex::new(BTreeMap::new());
        let Some(kills) = count(&self.file) else {
            return false;
        };
        let mut claimed = CLAIMED.lock().unwrap_or_else(PoisonError::into_inner);
        let before = claimed.get(&self.file).copied().unwrap_or_default();
        let explained = before.max(self.at_start);
        if kills <= explained {
            return false;
        }
        claimed.insert(self.file.clone(), explained + 1);
        true
    }
}

/// Where the kills in these groups (`/proc/<pid>/cgroup`) are counted, given what is mounted
/// (`/proc/self/mountinfo`).
fn counting_files(groups: &str, mounts: &str) -> impl Iterator<Item = PathBuf> {
    groups.lines().flat_map(move |line| {
        let mut fields = line.splitn(3, ':').skip(1);
        let (controllers, group) = (fields.next(), fields.next());
        let (folder, names) = match (controllers, group) {
            (Some(""), Some(group)) => (folder(mounts, "cgroup2", "", group), FILES_V2),
            (Some(controllers), Some(group)) if controllers.split(',').any(|c| c == "memory") => {
                (folder(mounts, "cgroup", "memory", group), FILES_V1)
            }
            (_, _) => (None, FILES_V1),
        };
        names
            .iter()
            .filter_map(move |name| Some(folder.as_ref()?.join(name)))
    })
}

/// Where a group is found in the file system. A container may see a part of the hierarchy only.
fn folder(mounts: &str, kind: &str, option: &str, group: &str) -> Option<PathBuf> {
    mounts.lines().find_map(|line| {
        let (mount, source) = line.split_once(" - ")?;
        let mut source = source.split(' ');
        let (fs_type, options) = (source.next()?, source.nth(1)?);
        let has_option = option.is_empty() || options.split(',').any(|has| has == option);
        if fs_type != kind || !has_option {
            return None;
        }
        let mut mount = mount.split(' ').skip(3);
        let (root, point) = (mount.next()?, mount.next()?);
        let below = Path::new(group).strip_prefix(root).ok()?;
        Some(Path::new(point).join(below))
    })
}

fn count(file: &Path) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let count = text.lines().find_map(|line| line.strip_prefix("oom_kill "));
    count?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
25 30 0:23 / /sys rw,relatime - sysfs sysfs rw
41 31 0:36 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
45 31 0:40 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
50 31 0:45 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
";

    #[test]
    fn a_group_of_version_1_counts_in_its_memory_hierarchy() {
        let files = files("4:memory:/app/web\n1:cpu:/other\n", MOUNTS);
        assert_eq!(files, ["/sys/fs/cgroup/memory/app/web/memory.oom_control"]);
    }

    #[test]
    fn a_group_of_version_2_counts_its_own_kills_or_those_of_all_below_it() {
        let files = files("0::/app\n", MOUNTS);
        assert_eq!(
            files,
            [
                "/sys/fs/cgroup/unified/app/memory.events.local",
                "/sys/fs/cgroup/unified/app/memory.events"
            ]
        );
    }

    #[test]
    fn a_container_that_sees_only_its_own_group_finds_it_at_the_top() {
        let mounts = "45 31 0:40 /docker/1f /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n";
        let inside = files("4:memory:/docker/1f\n", mounts);
        assert_eq!(inside, ["/sys/fs/cgroup/memory/memory.oom_control"]);
        assert!(files("4:memory:/somewhere/else\n", mounts).is_empty());
    }

    #[test]
    fn each_kill_explains_one_death() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let kills = |n: u64| {
            fs::write(file.path(), format!("under_oom 0\noom_kill {n}\n")).unwrap();
        };
        kills(3);
        let watched = || OomKills {
            file: file.path().to_owned(),
            at_start: count(file.path()).unwrap(),
        };
        let (first, second) = (watched(), watched());
        assert!(!first.claim(), "what was counted before its start");
        kills(4);
        assert!(first.claim());
        assert!(!second.claim(), "one kill, two deaths");
        kills(5);
        assert!(second.claim());
        assert!(!watched().claim());
    }

    fn files(groups: &str, mounts: &str) -> Vec<String> {
        counting_files(groups, mounts)
            .map(|file| file.to_str().unwrap().to_owned())
            .collect()
    }
}
