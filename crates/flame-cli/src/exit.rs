/// What the codes mean, for `--help`.
pub(crate) const HELP: &str = "Exit codes:
  0  everything is as it should be
  1  a step failed, or something could not be ended
  2  the command line is not right
  3  the configuration lacks something, or holds what cannot be
  4  the program could not be started, or did not call flame::runner()
  5  the provider cannot be reached, or refuses";

/// How the command ends. The codes are promised: scripts look at them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything is as it should be.
    Fine,
    /// A step failed, or something could not be ended.
    Failed,
    /// The configuration cannot be used.
    Configuration,
    /// The program could not be started, or is none that uses flame.
    Program,
    /// The provider cannot be reached, or refuses.
    Provider,
}

impl Exit {
    /// The exit code. Two is the parser's, for a command line that is not right.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Failed => 1,
            Self::Configuration => 3,
            Self::Program => 4,
            Self::Provider => 5,
        }
    }
}
