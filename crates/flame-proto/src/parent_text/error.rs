/// What a runner was told about its parent makes no sense.
///
/// No variant repeats the text, since it holds a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParentTextError {
    /// It does not begin as this version's text does.
    #[error("the text about the parent is of an unknown form")]
    UnknownForm,
    /// It is longer than any parent writes.
    #[error("the text about the parent is {length} bytes long")]
    TooLong {
        /// Its length, in bytes.
        length: usize,
    },
    /// It was cut short or changed on its way.
    #[error("the text about the parent is garbled")]
    Garbled,
    /// A field is missing or cannot be right.
    #[error("the text about the parent has no valid `{field}`")]
    Field {
        /// The field's name.
        field: &'static str,
    },
}
