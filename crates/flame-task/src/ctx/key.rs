use std::fmt;
use std::sync::{Arc, OnceLock};

/// A name that ends in a number. Few tasks ask for theirs, so it is put into words for the first who does.
#[doc(hidden)]
#[derive(Clone)]
pub struct Key {
    of: Arc<str>,
    number: u64,
    text: OnceLock<String>,
}

impl Key {
    /// The key with this number among those of `of`.
    pub fn new(of: Arc<str>, number: u64) -> Self {
        Self {
            of,
            number,
            text: OnceLock::new(),
        }
    }

    pub(super) fn as_str(&self) -> &str {
        let Self { of, number, .. } = self;
        self.text.get_or_init(|| format!("{of}-{number}"))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
