//! How a copy on the same host is told about its parent, and how it notices that the parent is gone.
//!
//! The parent makes a pipe. The reading end becomes the copy's standard input; the parent writes the
//! [`ParentText`] into the writing end and then keeps that end open for as long as it lives. So one
//! descriptor does two things: what is read from it first is the text, and the end of file that
//! follows, however much later, says that the parent is gone. The kernel closes the writing end
//! whatever the parent dies of, and nothing of the text is ever in an environment.
//!
//! The copy knows what its standard input is from the environment variable [`VARIABLE`], which holds
//! the [`Identity`] of the pipe. Environments are inherited by everything that a runner starts, so the
//! variable alone proves nothing: a process is a runner only if its standard input *is* the pipe that
//! the variable names.
//!
//! Standard input is inherited as well, unless its owner says otherwise. **A runner that has found its
//! lifeline must therefore move it to another descriptor, closed on exec, and put `/dev/null` in its
//! place** before any code of the app runs: only then is a copy of the app that a task starts not a
//! runner.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use super::ParentText;

/// The environment variable that names the pipe on a runner's standard input.
pub const VARIABLE: &str = "FLAME_LIFELINE";

/// The longest text that fits, in bytes.
///
/// With its length in front it fills a page, which is the least that a pipe holds: the text is in the
/// pipe before the copy is started, and nobody waits for anybody.
pub const LONGEST_TEXT: usize = 4096 - LENGTH_BYTES;

/// The size of the length that precedes the text.
pub const LENGTH_BYTES: usize = 4;

/// What the parent writes first: the length of the text as a big-endian `u32`, then the text.
///
/// # Errors
///
/// The text is longer than [`LONGEST_TEXT`].
pub fn encode(text: &ParentText) -> Result<Vec<u8>, TextTooLong> {
    let text = text.expose().as_bytes();
    let length = checked_length(text.len() as u64)?;
    let mut bytes = Vec::with_capacity(LENGTH_BYTES + text.len());
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(text);
    Ok(bytes)
}

/// How many bytes of text follow these first [`LENGTH_BYTES`] bytes.
///
/// # Errors
///
/// No parent writes a text of that length.
pub fn decode_length(bytes: [u8; LENGTH_BYTES]) -> Result<usize, TextTooLong> {
    let length = u32::from_be_bytes(bytes);
    checked_length(u64::from(length)).map(|length| length as usize)
}

fn checked_length(length: u64) -> Result<u32, TextTooLong> {
    match u32::try_from(length) {
        Ok(short) if length <= LONGEST_TEXT as u64 => Ok(short),
        Ok(_) | Err(_) => Err(TextTooLong { length }),
    }
}

/// Which pipe: the device and inode that `fstat` tells of its reading end.
///
/// ```
/// use flame_core::backend::lifeline::Identity;
///
/// let pipe = Identity { dev: 14, ino: 90_210 };
/// assert_eq!(pipe.to_string(), "14:90210");
/// assert_eq!("14:90210".parse(), Ok(pipe));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The device, `st_dev`.
    pub dev: u64,
    /// The inode, `st_ino`.
    pub ino: u64,
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.dev, self.ino)
    }
}

impl FromStr for Identity {
    type Err = InvalidIdentity;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidIdentity(text.to_owned());
        let (dev, ino) = text.split_once(':').ok_or_else(invalid)?;
        Ok(Self {
            dev: dev.parse().map_err(|_| invalid())?,
            ino: ino.parse().map_err(|_| invalid())?,
        })
    }
}

/// A text that is longer than [`LONGEST_TEXT`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextTooLong {
    /// Its length in bytes.
    pub length: u64,
}

impl fmt::Display for TextTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.length;
        write!(
            f,
            "what a runner is told about its parent has {length} bytes, more than {LONGEST_TEXT}"
        )
    }
}

impl Error for TextTooLong {}

/// A text that is not `<dev>:<ino>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidIdentity(String);

impl fmt::Display for InvalidIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} does not name a pipe as <dev>:<ino>", self.0)
    }
}

impl Error for InvalidIdentity {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_follows_its_length() {
        let bytes = encode(&ParentText::new("héllo")).unwrap();

        let (length, text) = bytes.split_at(LENGTH_BYTES);
        assert_eq!(decode_length(length.try_into().unwrap()), Ok(6));
        assert_eq!(text, "héllo".as_bytes());
    }

    #[test]
    fn the_longest_text_fits_into_one_page_and_a_longer_one_is_refused() {
        let longest = ParentText::new("x".repeat(LONGEST_TEXT));
        assert_eq!(encode(&longest).unwrap().len(), 4096);

        let length = LONGEST_TEXT as u64 + 1;
        let longer = ParentText::new("x".repeat(LONGEST_TEXT + 1));
        assert_eq!(encode(&longer), Err(TextTooLong { length }));
    }

    #[test]
    fn a_length_that_no_parent_writes_is_refused() {
        let length = u64::from(u32::MAX);
        assert_eq!(decode_length([0xff; 4]), Err(TextTooLong { length }));
    }

    #[test]
    fn what_does_not_name_a_pipe_is_refused() {
        for text in ["", ":", "14", "14:", ":90210", "14:9:1", "-1:2", "14:x"] {
            assert!(text.parse::<Identity>().is_err(), "{text:?} was taken");
        }
    }
}
