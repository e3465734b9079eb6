use std::fmt;

/// A violation of the contract by the peer. It ends the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtocolError {
    /// Where: message and field, as the `.proto` file names them.
    pub field: &'static str,
    /// What is wrong with it.
    pub violation: Violation,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// It is not there, or of a kind that this version does not know.
    Missing,
    /// It is an enumeration's number that this version does not know, or `UNSPECIFIED`.
    UnknownValue(i32),
    /// It is part of the contract, but this side did not announce that it understands it.
    NotAnnounced,
    /// It is longer than allowed.
    TooLong {
        /// Its length, in bytes or items.
        length: usize,
        /// The most that is allowed.
        limit: usize,
    },
    /// It may not be zero.
    Zero,
    /// It is none: its bytes cannot be read as what they should be.
    Undecodable,
}

impl ProtocolError {
    /// What came is not this message, nor any other.
    pub fn undecodable(message: &'static str) -> Self {
        Self::new(message, Violation::Undecodable)
    }

    pub(crate) fn new(field: &'static str, violation: Violation) -> Self {
        Self { field, violation }
    }
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ", self.field)?;
        match &self.violation {
            Violation::Missing => f.write_str("is missing or of an unknown kind"),
            Violation::UnknownValue(value) => write!(f, "has the unknown value {value}"),
            Violation::NotAnnounced => f.write_str("was sent to a side that did not announce it"),
            Violation::TooLong { length, limit } => {
                write!(f, "is {length} long, and {limit} are allowed")
            }
            Violation::Zero => f.write_str("is zero"),
            Violation::Undecodable => f.write_str("cannot be decoded"),
        }
    }
}

impl std::error::Error for ProtocolError {}
