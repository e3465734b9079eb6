//! A text that must not be shown.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A text that is never shown: a token. `Debug` writes three asterisks, and there is no `Display`.
///
/// ```
/// use flame_fly::Secret;
///
/// let shown = format!("{:?}", Secret::new("fm2_lJPECAAA"));
/// assert!(!shown.contains("fm2"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself. Do not log it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Text).map(Self)
    }
}

/// Takes texts, and refuses everything else without showing it.
pub(crate) struct Text;

macro_rules! refuse {
    ($($visit:ident: $value:ty),+) => {
        $(fn $visit<E: Error>(self, _: $value) -> Result<String, E> {
            Err(E::custom(NOT_A_TEXT))
        })+
    };
}

/// Without the value, which may be a secret.
const NOT_A_TEXT: &str = "the value is not a text: put it in quotes";

impl<'de> Visitor<'de> for Text {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text in quotes")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<String, E> {
        Ok(text)
    }

    refuse!(visit_bool: bool, visit_i64: i64, visit_i128: i128, visit_u64: u64, visit_u128: u128, visit_f64: f64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_refused_without_being_shown() {
        let error = serde_json::from_str::<Secret>("4711").unwrap_err();
        assert!(!error.to_string().contains("4711"), "{error}");
        let secret: Secret = serde_json::from_str("\"s3cret\"").unwrap();
        assert_eq!(
            (secret.expose(), format!("{secret:?}")),
            ("s3cret", "***".to_owned())
        );
    }
}
