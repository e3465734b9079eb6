//! Texts that must not be shown.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

/// A text that is never shown: a password, a key of another service. `Debug` writes three asterisks; there is no
/// `Display`, and it cannot be encoded, so it travels in no argument and no result by mistake.
///
/// Its memory is wiped when its last clone is dropped. What has read it with [`expose`](Self::expose) and copied it has
/// to do so itself.
///
/// ```
/// use flame_task::Secret;
///
/// let key = Secret::new("sk_live_4711");
/// assert!(!format!("{key:?}").contains("4711"));
/// assert_eq!(key.expose(), "sk_live_4711");
/// ```
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    /// Wraps the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Arc::new(Zeroizing::new(text.into())))
    }

    /// The text itself. Do not log it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Secrets by their names, see [`Ctx::secret`](crate::Ctx::secret). `Debug` shows the names.
#[doc(hidden)]
#[derive(Clone, Debug, Default)]
pub struct Secrets(BTreeMap<String, Secret>);

impl Secrets {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The one of this name.
    pub fn get(&self, name: &str) -> Option<&Secret> {
        self.0.get(name)
    }

    /// Adds one, in place of another of the same name.
    pub fn insert(&mut self, name: String, secret: Secret) {
        self.0.insert(name, secret);
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.0.iter().map(|(name, secret)| (&**name, secret))
    }
}
