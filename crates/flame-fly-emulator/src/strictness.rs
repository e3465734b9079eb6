/// What becomes of a request that violates the published schema. It stands in the journal either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// It is carried out, as far as that is possible.
    Record,
    /// It is refused with status 400.
    Reject,
}
