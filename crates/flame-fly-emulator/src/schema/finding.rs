use std::fmt;

/// Something in a body that its schema does not allow, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Finding {
    /// A field that nobody knows.
    Unknown { at: String },
    /// A value of another type.
    Type {
        at: String,
        expected: String,
        got: &'static str,
    },
    /// A word that is none of those allowed.
    Word { at: String, got: String },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { at } => write!(f, "unknown field {at}"),
            Self::Type { at, expected, got } => write!(f, "{at} is {got} and not {expected}"),
            Self::Word { at, got } => write!(f, "{at} may not be {got:?}"),
        }
    }
}
