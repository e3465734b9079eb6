use hyper::header::{HeaderValue, InvalidHeaderValue};

use crate::secret::Secret;

/// The value of the header that proves who asks. Its `Debug` shows nothing of it.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    header: HeaderValue,
    parts: Vec<Secret>,
}

impl Token {
    /// Fly has two schemes, and people keep tokens with one of them in front, or both.
    pub(super) fn new(text: &Secret) -> Result<Self, InvalidHeaderValue> {
        let token = without_schemes(text.expose());
        let scheme = if token.starts_with("fm") {
            "FlyV1"
        } else {
            "Bearer"
        };
        let mut header = HeaderValue::from_str(&format!("{scheme} {token}"))?;
        header.set_sensitive(true);
        Ok(Self {
            header,
            parts: token.split(',').map(Secret::from).collect(),
        })
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// Takes every part of the token out of a text of somebody else's.
    pub(crate) fn blot_out(&self, text: &str) -> String {
        let parts = self.parts.iter().map(Secret::expose);
        let parts = parts.filter(|part| !part.is_empty());
        parts.fold(text.to_owned(), |text, part| text.replace(part, "***"))
    }
}

fn without_schemes(text: &str) -> &str {
    let mut rest = text.trim();
    while let Some((scheme, token)) = rest.split_once(char::is_whitespace) {
        let is_scheme = ["bearer", "flyv1"].contains(&scheme.to_ascii_lowercase().as_str());
        if !is_scheme {
            break;
        }
        rest = token.trim_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    // C4
    #[test]
    fn a_token_gets_its_scheme_whatever_stood_in_front_of_it() {
        for (kept, sent) in [
            ("FlyV1 fm2_a,fm2_b\n", "FlyV1 fm2_a,fm2_b"),
            ("Bearer fm2_a", "FlyV1 fm2_a"),
            ("bearer FLYV1  fm2_a", "FlyV1 fm2_a"),
            ("fm2_a,fm2_b,", "FlyV1 fm2_a,fm2_b,"),
            ("oauthtok", "Bearer oauthtok"),
            ("FlyV1 oauthtok", "Bearer oauthtok"),
        ] {
            let token = Token::new(&Secret::from(kept)).unwrap();
            assert_eq!(token.header().to_str().unwrap(), sent);
            assert!(token.header().is_sensitive());
            assert!(!format!("{token:?}").contains("fm2_a"), "{token:?}");
        }
        assert!(Token::new(&Secret::from("two\nlines")).is_err());
    }

    #[test]
    fn parts_of_it_are_taken_out_of_texts() {
        let token = Token::new(&Secret::from("fm2_a,fm2_b")).unwrap();
        assert_eq!(token.blot_out("bad fm2_b or fm2_a!"), "bad *** or ***!");
    }
}
