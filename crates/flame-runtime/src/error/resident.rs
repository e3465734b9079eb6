use std::fmt;

/// Why a call cannot get at a value that was left on a runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResidentError {
    /// The value is gone, or its runner takes no calls any more.
    Gone,
    /// It needs several values, and they are on different runners.
    SeveralRunners,
    /// The value was left by a call of another pool.
    OtherPool,
}

impl fmt::Display for ResidentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gone => "it is gone, or its runner takes no calls any more; have it made again",
            Self::SeveralRunners => {
                "it needs several, and they are on different runners; have one call make them all"
            }
            Self::OtherPool => "it was left by a call of another pool; call that one",
        })
    }
}

impl std::error::Error for ResidentError {}
