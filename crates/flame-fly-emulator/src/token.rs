/// What a token is good for.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// `None` for all.
    app: Option<String>,
    pub(crate) revoked: bool,
}

impl Token {
    pub(crate) fn of_app(app: &str) -> Self {
        Self {
            app: Some(app.to_owned()),
            revoked: false,
        }
    }

    pub(crate) fn of_user() -> Self {
        Self {
            app: None,
            revoked: false,
        }
    }

    pub(crate) fn may_use(&self, app: &str) -> bool {
        self.app.as_deref().is_none_or(|own| own == app)
    }

    pub(crate) fn is_of_a_user(&self) -> bool {
        self.app.is_none()
    }
}

/// A token without the schemes before it and the blanks around it.
pub(crate) fn bare(token: &str) -> &str {
    split(token).1
}

/// A token as it stands in a journal: schemes are kept, and of the rest there is only a hash.
pub(crate) fn hashed(token: &str) -> String {
    let (schemes, rest) = split(token);
    let hash = blake3::hash(rest.as_bytes()).to_hex();
    format!("{schemes}#{}", &hash[..16])
}

fn split(token: &str) -> (&str, &str) {
    let mut rest = token.trim();
    while let Some((scheme, after)) = rest.split_once(' ') {
        let is_scheme = ["bearer", "flyv1"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known));
        if !is_scheme {
            break;
        }
        rest = after.trim_start();
    }
    let token = token.trim();
    token.split_at(token.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_no_part_of_a_token() {
        for token in ["a,b", "Bearer a,b", "FlyV1 a,b\n", "bearer FlyV1  a,b"] {
            assert_eq!(bare(token), "a,b");
        }
    }

    #[test]
    fn a_journal_shows_the_scheme_and_hides_the_token() {
        let hashed = hashed("FlyV1 secret");
        assert!(hashed.starts_with("FlyV1 #"), "{hashed}");
        assert!(!hashed.contains("secret"), "{hashed}");
        assert_eq!(hashed[6..], super::hashed("secret")[0..]);
    }
}
