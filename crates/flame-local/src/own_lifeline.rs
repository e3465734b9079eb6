//! Whether this process is itself a runner that has not noticed.

use std::io;
use std::os::fd::AsFd;

use flame_core::backend::lifeline::{Identity, VARIABLE};
use rustix::fs::fstat;

/// Which pipe this is an end of.
pub(crate) fn identity(pipe: impl AsFd) -> io::Result<Identity> {
    let stat = fstat(pipe)?;
    Ok(Identity {
        dev: stat.st_dev,
        ino: stat.st_ino,
    })
}

/// Whether standard input is still the lifeline that this process was started with.
///
/// A runner moves it away at once, and anything that a runner starts finds `/dev/null` there.
pub(crate) fn is_untaken() -> bool {
    let named = std::env::var(VARIABLE)
        .ok()
        .and_then(|named| named.parse::<Identity>().ok());
    named.is_some() && named == identity(io::stdin()).ok()
}
