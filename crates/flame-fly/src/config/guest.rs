use serde::{Deserialize, Serialize};

use crate::api::Guest;

/// The kind of processors when none is asked for.
pub const CPU_KIND: CpuKind = CpuKind::Performance;
/// The memory when none is asked for, in MiB, within what the processors need and allow.
pub const MEMORY_MB: u32 = 4096;

/// Shared or dedicated processors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CpuKind {
    /// Shared with others.
    Shared,
    /// Dedicated.
    Performance,
}

impl CpuKind {
    /// The numbers of processors that there are.
    fn numbers(self) -> &'static [u32] {
        match self {
            Self::Shared => &[1, 2, 4, 6, 8],
            Self::Performance => &[1, 2, 4, 6, 8, 10, 12, 14, 16],
        }
    }

    /// The least and the most memory of one processor, in MiB.
    fn memory(self) -> (u32, u32) {
        match self {
            Self::Shared => (256, 2048),
            Self::Performance => (2048, 8192),
        }
    }

    /// The number of processors that there is, at most this.
    fn snap(self, cpus: u32) -> u32 {
        let numbers = self.numbers().iter().copied();
        numbers.filter(|number| *number <= cpus).max().unwrap_or(1)
    }
}

/// What is said about the size of a machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    pub(super) kind: CpuKind,
    pub(super) cpus: Option<u32>,
    pub(super) memory_mb: Option<u32>,
    pub(super) gpu_kind: Option<&'a str>,
    pub(super) gpus: Option<u32>,
    /// The processors of this process.
    pub(super) own_cpus: u32,
}

/// The size of a machine. What is said is sent, but for numbers of processors that there are not; the rest follows.
pub(super) fn guest(wanted: Wanted<'_>) -> Guest {
    let kind = wanted.kind;
    let (least, most) = kind.memory();
    let cpus = match (wanted.cpus, wanted.memory_mb) {
        (Some(cpus), _) => kind.snap(cpus),
        (None, Some(memory)) => kind.snap(wanted.own_cpus.min(memory / least)),
        (None, None) => kind.snap(wanted.own_cpus),
    };
    let memory_mb = wanted
        .memory_mb
        .unwrap_or_else(|| MEMORY_MB.clamp(cpus * least, cpus * most));
    Guest {
        cpu_kind: kind,
        cpus,
        memory_mb,
        gpu_kind: wanted.gpu_kind.map(str::to_owned),
        gpus: wanted.gpus.or(wanted.gpu_kind.map(|_| 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Wanted<'_> = Wanted {
        kind: CPU_KIND,
        cpus: None,
        memory_mb: None,
        gpu_kind: None,
        gpus: None,
        own_cpus: 2,
    };

    fn size(wanted: Wanted<'_>) -> (u32, u32) {
        let guest = guest(wanted);
        (guest.cpus, guest.memory_mb)
    }

    // C7
    #[test]
    fn memory_follows_from_processors_and_processors_from_memory() {
        let cpus = |cpus| Wanted {
            cpus: Some(cpus),
            ..NOTHING
        };
        assert_eq!(size(NOTHING), (2, 4096));
        assert_eq!(
            size(Wanted {
                own_cpus: 8,
                ..NOTHING
            }),
            (8, 16384)
        );
        assert_eq!(
            size(Wanted {
                own_cpus: 64,
                ..NOTHING
            }),
            (16, 32768)
        );
        assert_eq!(size(cpus(4)), (4, 8192));
        assert_eq!(size(cpus(5)), (4, 8192));
        assert_eq!(size(cpus(1)), (1, 4096));
        assert_eq!(size(cpus(0)), (1, 4096));
        let memory = |memory| Wanted {
            memory_mb: Some(memory),
            own_cpus: 8,
            ..NOTHING
        };
        assert_eq!(size(memory(4096)), (2, 4096));
        assert_eq!(size(memory(512)), (1, 512));
        // What is said is said, also when Fly will refuse it.
        let both = Wanted {
            cpus: Some(4),
            memory_mb: Some(4096),
            ..NOTHING
        };
        assert_eq!(size(both), (4, 4096));
    }

    #[test]
    fn shared_processors_have_less_memory() {
        let shared = |cpus| Wanted {
            kind: CpuKind::Shared,
            cpus: Some(cpus),
            ..NOTHING
        };
        assert_eq!(size(shared(1)), (1, 2048));
        assert_eq!(size(shared(2)), (2, 4096));
        assert_eq!(size(shared(16)), (8, 4096));
    }

    // C39
    #[test]
    fn a_kind_of_gpu_means_one_of_them() {
        let guest = guest(Wanted {
            gpu_kind: Some("a100"),
            ..NOTHING
        });
        assert_eq!(
            (guest.gpu_kind.as_deref(), guest.gpus),
            (Some("a100"), Some(1))
        );
    }
}
