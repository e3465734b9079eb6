/// When a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Before anything has happened.
    Before,
    /// After everything has happened, and before the answer.
    AfterCommit,
}
