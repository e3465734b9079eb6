//! Whether a process of this machine still lives, as Linux tells it.

use std::fmt;
use std::fs;
use std::str::FromStr;

/// A process, told apart from all others that have ever had its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProcessStamp {
    /// The kernel's own life.
    kernel: String,
    pid: u32,
    /// When the process began, in ticks of the kernel's life.
    began: u64,
}

impl ProcessStamp {
    /// This process. `None` where the system does not tell.
    pub(crate) fn own() -> Option<Self> {
        let pid = std::process::id();
        let (_, began) = look(pid)?;
        Some(Self {
            kernel: kernel()?,
            pid,
            began,
        })
    }

    /// Whether it is certain that the process has ended. It must be one of this machine.
    pub(crate) fn is_over(&self) -> bool {
        let Some(kernel) = kernel() else {
            return false;
        };
        if kernel != self.kernel {
            return true;
        }
        match look(self.pid) {
            Some((state, began)) => began != self.began || matches!(state, 'Z' | 'X'),
            // There is a `/proc`, since it has told of the kernel.
            None => true,
        }
    }
}

impl fmt::Display for ProcessStamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.kernel, self.pid, self.began)
    }
}

/// Not the text of a [`ProcessStamp`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InvalidStamp;

impl FromStr for ProcessStamp {
    type Err = InvalidStamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.splitn(3, '.');
        let (Some(kernel), Some(pid), Some(began)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(InvalidStamp);
        };
        Ok(Self {
            kernel: kernel.to_owned(),
            pid: pid.parse().map_err(|_| InvalidStamp)?,
            began: began.parse().map_err(|_| InvalidStamp)?,
        })
    }
}

/// The first part of the number that the kernel gives to each of its lives.
fn kernel() -> Option<String> {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    id.split('-').next().map(str::to_owned)
}

/// The state of a process, and when it began.
fn look(pid: u32) -> Option<(char, u64)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name of the program comes before, in parentheses, and may contain anything.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace();
    let state = fields.next()?.chars().next()?;
    let began = fields.nth(18)?.parse().ok()?;
    Some((state, began))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn this_process_lives_and_its_stamp_survives_being_text() {
        let own = ProcessStamp::own().unwrap();
        assert!(!own.is_over());
        assert_eq!(own.to_string().parse(), Ok(own));
    }

    #[test]
    fn a_process_that_has_ended_is_over_even_while_nobody_has_reaped_it() {
        let mut child = Command::new("cat")
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let (_, began) = look(child.id()).unwrap();
        let stamp = ProcessStamp {
            kernel: kernel().unwrap(),
            pid: child.id(),
            began,
        };
        assert!(!stamp.is_over());
        drop(child.stdin.take());
        // Only the state of a zombie tells: nobody has waited for it yet.
        while !stamp.is_over() {
            std::thread::yield_now();
        }
        assert!(look(child.id()).is_some());
        child.wait().unwrap();
        assert!(stamp.is_over());
    }

    #[test]
    fn another_life_of_the_kernel_or_another_process_of_that_number_is_over() {
        let own = ProcessStamp::own().unwrap();
        let namesake = ProcessStamp {
            began: own.began + 1,
            ..own.clone()
        };
        let before = ProcessStamp {
            kernel: "00000000".into(),
            ..own
        };
        assert!(before.is_over() && namesake.is_over());
        assert_eq!("1.2".parse::<ProcessStamp>(), Err(InvalidStamp));
    }
}
