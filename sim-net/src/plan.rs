use std::time::Duration;

use crate::dice::Dice;

/// The peer-loss bound of every life, D of the promises.
pub(crate) const SILENCE: Duration = Duration::from_secs(2);
/// How long cancelled work may go on, G of the promises. A way that is cut for longer while a call is cancelled costs its
/// runner: nobody can say there that the work has ended.
pub(crate) const GRACE: Duration = Duration::from_millis(1_500);
/// How long a boot may take.
pub(crate) const BOOT: Duration = Duration::from_secs(6);
/// The largest latency of a message.
pub(crate) const LATENCY_MAX: Duration = Duration::from_millis(60);
/// When the network is whole again, at the latest.
pub(crate) const HEALED: Duration = Duration::from_secs(24);

/// What a life will bring, a function of its seed.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) max: usize,
    pub(crate) concurrency: usize,
    /// What a message takes on its way at the most, while no fault makes it slower.
    pub(crate) latency: Duration,
    /// How long the provider takes to create an instance.
    pub(crate) create_after: Duration,
    /// How long the provider takes to destroy one. A slow one leaves it to the runner to end by itself.
    pub(crate) destroy_after: Duration,
    /// Only such faults as must cost nothing.
    pub(crate) is_mild: bool,
    pub(crate) calls: Vec<PlannedCall>,
    /// In order of time.
    pub(crate) faults: Vec<PlannedFault>,
}

/// A call, and what it does.
#[derive(Clone, Debug)]
pub(crate) struct PlannedCall {
    pub(crate) id: u64,
    pub(crate) at: Duration,
    /// How long its work takes.
    pub(crate) takes: Duration,
    /// How many bytes go along and come back.
    pub(crate) bytes: usize,
    pub(crate) retries: u32,
    pub(crate) timeout: Duration,
}

/// What happens to one of the machines that are there.
#[derive(Debug)]
pub(crate) struct PlannedFault {
    pub(crate) at: Duration,
    /// Counted among the machines that live, and begun anew after the last.
    pub(crate) machine: usize,
    pub(crate) fault: Fault,
}

/// What can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing passes in either direction, and what was sent meanwhile comes afterwards.
    Hold(Duration),
    /// Nothing passes this way, and what was sent meanwhile comes afterwards.
    HoldToParent(Duration),
    HoldToRunner(Duration),
    /// What is sent is lost for good.
    Cut(Duration),
    CutToParent(Duration),
    CutToRunner(Duration),
    /// The process is killed: its connections are closed by its system.
    Kill,
    /// The machine has no power any more: nobody closes anything.
    PowerLoss,
    /// Messages are slower.
    Slow(Duration),
}

impl Fault {
    /// Whether the session may go on as if nothing had happened, and has to.
    pub(crate) fn is_mild(self) -> bool {
        match self {
            Self::Hold(length) | Self::HoldToParent(length) | Self::HoldToRunner(length) => {
                length <= SILENCE / 2
            }
            Self::Slow(_) => true,
            Self::Cut(_)
            | Self::CutToParent(_)
            | Self::CutToRunner(_)
            | Self::Kill
            | Self::PowerLoss => false,
        }
    }

    /// Whether the machine is taken for lost because nothing is heard of it, or it hears nothing.
    pub(crate) fn is_silence(self) -> bool {
        match self {
            Self::Hold(length) | Self::HoldToParent(length) | Self::HoldToRunner(length) => {
                length > SILENCE * 3 / 2
            }
            Self::Cut(_) | Self::CutToParent(_) | Self::CutToRunner(_) => true,
            Self::Kill | Self::PowerLoss | Self::Slow(_) => false,
        }
    }
}

impl Plan {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let is_mild = dice.one_in(3);
        let calls = (1..=dice.between(12, 40)).map(|id| call(&mut dice, id, is_mild));
        let calls = calls.collect();
        let mut faults: Vec<_> = (0..dice.count(2, 7))
            .map(|_| fault(&mut dice, is_mild))
            .collect();
        faults.sort_by_key(|fault| fault.at);
        Self {
            seed,
            max: dice.count(1, 3),
            concurrency: dice.count(1, 4),
            latency: dice.millis(2, 60),
            create_after: dice.millis(0, 400),
            destroy_after: if dice.one_in(2) {
                dice.millis(0, 300)
            } else {
                SILENCE * 4
            },
            is_mild,
            calls,
            faults,
        }
    }
}

fn call(dice: &mut Dice, id: u64, is_mild: bool) -> PlannedCall {
    let bytes = match dice.between(0, 5) {
        0 => dice.count(65_537, 400_000),
        1 => dice.count(10_000, 65_536),
        _ => dice.count(0, 500),
    };
    let patience = if !is_mild && dice.one_in(5) { 2 } else { 120 };
    PlannedCall {
        id,
        at: dice.millis(0, 16_000),
        takes: if dice.one_in(4) {
            dice.millis(1_000, 6_000)
        } else {
            dice.millis(0, 400)
        },
        bytes,
        retries: if dice.one_in(4) { 2 } else { 0 },
        timeout: Duration::from_secs(patience),
    }
}

fn fault(dice: &mut Dice, is_mild: bool) -> PlannedFault {
    let short = dice.millis(50, 1_000);
    let long = dice.millis(3_100, 7_000);
    let fault = match dice.between(0, if is_mild { 3 } else { 11 }) {
        0 => Fault::Hold(short),
        1 => Fault::HoldToParent(short),
        2 => Fault::HoldToRunner(short),
        3 => Fault::Slow(dice.millis(60, 150)),
        4 => Fault::Hold(long),
        5 => Fault::HoldToParent(long),
        6 => Fault::HoldToRunner(long),
        7 => Fault::Cut(long),
        8 => Fault::CutToParent(long),
        9 => Fault::CutToRunner(long),
        10 => Fault::Kill,
        _ => Fault::PowerLoss,
    };
    PlannedFault {
        at: dice.millis(800, 16_000),
        machine: dice.count(0, 5),
        fault,
    }
}
