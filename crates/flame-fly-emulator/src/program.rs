use std::ffi::OsString;
use std::path::PathBuf;

/// What a machine with a certain image runs.
#[derive(Debug, Clone)]
pub enum Program {
    /// A local process.
    Process {
        /// The executable.
        path: PathBuf,
        /// Its arguments, unless the machine's `init` overrides them.
        args: Vec<OsString>,
        /// The variables of the emulator's own environment that it sees, if they are set. It sees no others.
        pass: Vec<String>,
    },
    /// No process at all: the machine is `started` until something ends it. For tests of the API alone, also
    /// under tokio's paused clock.
    Pretended,
}

impl Program {
    /// A local executable without arguments, which inherits nothing.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self::Process {
            path: path.into(),
            args: Vec::new(),
            pass: Vec::new(),
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        if let Self::Process { args, .. } = &mut self {
            args.push(arg.into());
        }
        self
    }

    /// Lets it see a variable of the emulator's own environment.
    #[must_use]
    pub fn pass(mut self, name: impl Into<String>) -> Self {
        if let Self::Process { pass, .. } = &mut self {
            pass.push(name.into());
        }
        self
    }
}
