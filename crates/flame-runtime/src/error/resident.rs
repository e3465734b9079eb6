use std::fmt;

/// Why a call cannot get at a value that was left on a runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResidentError {
    /// The value is gone, or its runner takes no calls any more.
    Gone,
}

impl fmt::Display for ResidentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gone => "it is gone, or its runner takes no calls any more; have it made again",
        })
    }
}

impl std::error::Error for ResidentError {}
