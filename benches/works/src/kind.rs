/// The works, by the letters of the goals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Work {
    /// Warm calls without work, one after the other.
    #[value(name = "A")]
    Warm,
    /// The same from many callers at once, on one runner.
    #[value(name = "B")]
    Concurrent,
    /// Echoes of large payloads.
    #[value(name = "C")]
    Large,
    /// Small calls while a large payload is under way.
    #[value(name = "C'")]
    Mixed,
    /// The first result, with the start of the process.
    #[value(name = "D")]
    Cold,
    /// From no runner to eight.
    #[value(name = "E")]
    Burst,
    /// What an idle parent and an idle runner hold.
    #[value(name = "F")]
    Memory,
    /// Ten thousand calls at once, four of which may run.
    #[value(name = "G")]
    Queued,
    /// The pool's state machine alone.
    #[value(name = "H")]
    Core,
    /// Hundreds of runners and a hundred thousand callers in one process.
    #[value(name = "I")]
    Scale,
    /// What the settings and forms of calls that a user chooses do to the numbers.
    #[value(name = "tuning")]
    Tuning,
}
