use flame_oracle::Dice;

use super::nemesis::Blow;

/// A kind of life.
pub(super) struct Scenario {
    pub(super) name: &'static str,
    /// What happens in it.
    pub(super) what: &'static str,
    /// What tasks do; what is named twice is done twice as often.
    deeds: &'static str,
    /// What callers do.
    manners: &'static str,
    /// The most callers that there are for each slot at a time.
    crowding: usize,
    /// What is done to the processes from outside.
    pub(super) blows: &'static [Blow],
    pub(super) end: End,
}

/// How the parent comes to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// By itself, when all calls have been made.
    Calm,
    /// It is killed while calls run.
    Killed,
    /// It is asked to terminate while calls run.
    Terminated,
}

/// How long runners, and parents, may be silent, in milliseconds.
pub(super) const LOSS_BOUND: u64 = 1_500;

/// For how long calls are made, in milliseconds.
const MILLIS: u64 = 5_000;

const EVERY_MANNER: &str =
    "waits,waits,drops,hurries,queues,detaches,retries,casts,casts-and-aborts";

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "kills",
        what: "runners are killed, booting ones as well",
        deeds: "works,works,computes,carries",
        manners: EVERY_MANNER,
        crowding: 4,
        blows: &[Blow::Kill],
        end: End::Calm,
    },
    Scenario {
        name: "deaths",
        what: "tasks exit, abort and overflow the stack beside others that do not",
        deeds: "works,works,works,works,works,works,carries,computes,exits,aborts,overflows,panics",
        manners: EVERY_MANNER,
        crowding: 4,
        blows: &[],
        end: End::Calm,
    },
    Scenario {
        name: "failures",
        what: "tasks panic and return too much, and no runner is lost for it",
        deeds: "works,computes,carries,overloads,panics",
        manners: EVERY_MANNER,
        crowding: 4,
        blows: &[],
        end: End::Calm,
    },
    Scenario {
        name: "short-freezes",
        what: "runners stand still for less than the loss bound, and none is lost",
        deeds: "works,works,carries",
        manners: EVERY_MANNER,
        crowding: 4,
        blows: &[Blow::FreezeShortly],
        end: End::Calm,
    },
    Scenario {
        name: "long-freezes",
        what: "runners stand still for longer than the loss bound, one or all at once",
        deeds: "works,works,carries",
        manners: EVERY_MANNER,
        crowding: 4,
        blows: &[Blow::FreezeLong, Blow::FreezeAll, Blow::FreezeShortly],
        end: End::Calm,
    },
    Scenario {
        name: "frozen-parent",
        what: "the parent stands still for longer than the loss bound",
        deeds: "works,works,carries",
        manners: EVERY_MANNER,
        crowding: 4,
        blows: &[Blow::FreezeParent, Blow::Kill],
        end: End::Calm,
    },
    Scenario {
        name: "spins",
        what: "tasks do not end at their deadline, and are ended with their runner",
        deeds: "works,works,works,works,works,works,works,works,works,spins",
        manners: EVERY_MANNER,
        crowding: 4,
        blows: &[],
        end: End::Calm,
    },
    Scenario {
        name: "blocked-threads",
        what: "all threads for tasks are blocked for three loss bounds, and no runner is lost",
        deeds: "blocks",
        manners: "waits",
        crowding: 1,
        blows: &[],
        end: End::Calm,
    },
    Scenario {
        name: "leaks",
        what: "tasks leave processes behind, and runners are killed",
        deeds: "works,works,works,works,works,works,works,works,works,works,works,works,works,works,works,works,works,works,works,leaks",
        manners: EVERY_MANNER,
        crowding: 4,
        blows: &[Blow::Kill],
        end: End::Calm,
    },
    Scenario {
        name: "killed-parent",
        what: "the parent is killed, and nothing of it survives",
        deeds: "works,works,works,works,works,works,works,works,carries,leaks,spins",
        manners: EVERY_MANNER,
        crowding: 4,
        blows: &[Blow::Kill],
        end: End::Killed,
    },
    Scenario {
        name: "terminated-parent",
        what: "the parent is asked to terminate, and tells every caller something",
        deeds: "works,works,works,works,works,works,works,works,carries,leaks,spins",
        manners: EVERY_MANNER,
        crowding: 4,
        blows: &[Blow::Kill],
        end: End::Terminated,
    },
    Scenario {
        name: "everything",
        what: "all of this at once",
        deeds: "works,works,works,works,works,works,works,works,works,works,works,works,computes,computes,carries,\
                carries,overloads,panics,exits,aborts,overflows,spins,leaks",
        manners: EVERY_MANNER,
        crowding: 4,
        blows: &[
            Blow::Kill,
            Blow::Kill,
            Blow::Kill,
            Blow::FreezeShortly,
            Blow::FreezeShortly,
            Blow::FreezeLong,
            Blow::FreezeAll,
            Blow::FreezeParent,
        ],
        end: End::Calm,
    },
];

impl Scenario {
    /// The numbers of this scenario: two scenarios of one seed have nothing in common.
    pub(super) fn dice(&self, seed: u64) -> Dice {
        let mixed = self.name.bytes().fold(seed, |mixed, byte| {
            mixed.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte)
        });
        Dice::new(mixed)
    }

    /// The arguments of a parent that lives through this, of which the first is its folder and not among these.
    pub(super) fn arguments(&self, seed: u64) -> Vec<String> {
        let mut dice = self.dice(seed);
        let max = dice.count(1, 4);
        let max_concurrency = dice.count(1, 4);
        let min = dice.count(0, max);
        let warm = if dice.one_in(3) { dice.count(1, 4) } else { 0 };
        let max_queue = if dice.one_in(4) {
            dice.count(1, 40)
        } else {
            10_000
        };
        // Some runners retire as soon as they have nothing to do for a moment.
        let idle = dice.pick(&[20, 300, 5_000]).copied().unwrap_or(300);
        let customers = max * max_concurrency * dice.count(1, self.crowding);
        let mut arguments = format!(
            "--seed {seed} --millis {MILLIS} --customers {customers} --deeds {} --manners {} --max {max} --min {min} \
             --max-concurrency {max_concurrency} --warm {warm} --max-queue {max_queue} --idle {idle} --patience 20000 \
             --loss-bound {LOSS_BOUND}",
            self.deeds, self.manners,
        );
        if dice.one_in(3) {
            arguments += " --pack";
        }
        // Each call has a boot, so there are fewer.
        if dice.one_in(6) {
            arguments += " --single-use";
        }
        arguments.split_whitespace().map(str::to_owned).collect()
    }
}
