use serde::Deserialize;

/// The longest text of a server that is told on, in characters.
const LONGEST_TEXT: usize = 300;

/// The body of an answer that says no.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Problem {
    /// In words; on one line, and not longer than a person wants to read.
    pub(crate) text: String,
    /// In one word: `insufficient_capacity`. Empty when it is not said.
    pub(crate) code: String,
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    status: Option<String>,
}

impl Problem {
    /// Reads what there is: an object of JSON, a plain text, a page in HTML, nothing.
    ///
    /// Secrets are blotted out of the whole text: of one that is cut short, or whose lines are joined, the rest would
    /// not be found.
    pub(crate) fn from_body(body: &[u8], blot_out: impl Fn(&str) -> String) -> Self {
        let body = String::from_utf8_lossy(body);
        let shown = |text: &str| shown(&blot_out(text));
        match serde_json::from_str::<Body>(&body) {
            Ok(Body {
                error,
                message,
                status,
            }) => {
                let texts = [message, error];
                let text = texts.into_iter().flatten().find(|text| !text.is_empty());
                Self {
                    text: shown(&text.unwrap_or_default()),
                    code: status.unwrap_or_default(),
                }
            }
            Err(_) if body.trim_start().starts_with('<') => Self {
                text: "a page in HTML".to_owned(),
                code: String::new(),
            },
            Err(_) => Self {
                text: shown(&body),
                code: String::new(),
            },
        }
    }
}

/// One line of bounded length, without anything that a terminal obeys.
pub(super) fn shown(text: &str) -> String {
    let text = text.trim();
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut shown: String = clean.take(LONGEST_TEXT).collect();
    if text.chars().nth(LONGEST_TEXT).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    // C36
    #[test]
    fn any_body_is_read() {
        let text = |body: &str| Problem::from_body(body.as_bytes(), str::to_owned).text;
        assert_eq!(text(r#"{"error":"unauthorized"}"#), "unauthorized");
        assert_eq!(text(r#"{"error":"a","message":"b"}"#), "b");
        assert_eq!(text(r#"{"error":null}"#), "");
        assert_eq!(text("404 page not found\n"), "404 page not found");
        assert_eq!(text("<html><h1>502</h1>"), "a page in HTML");
        assert_eq!(text(""), "");
        assert_eq!(text("a\u{1b}[31mb"), "a [31mb");
        assert_eq!(text(&"x".repeat(1000)).chars().count(), LONGEST_TEXT + 1);
    }

    #[test]
    fn the_code_is_kept_beside_the_words() {
        let body = br#"{"error":"could not find a candidate host","status":"insufficient_capacity","details":{}}"#;
        assert_eq!(
            Problem::from_body(body, str::to_owned).code,
            "insufficient_capacity"
        );
    }

    #[test]
    fn a_secret_that_would_be_cut_short_or_joined_is_blotted_out_whole() {
        let hide = |text: &str| {
            text.replace("fm2_canary", "***")
                .replace("two\nlines", "***")
        };
        let cut = format!("{}fm2_canary", "x".repeat(LONGEST_TEXT - 5));
        let text = Problem::from_body(cut.as_bytes(), hide).text;
        assert!(text.ends_with("xxx***"), "{text}");
        assert_eq!(Problem::from_body(b"has two\nlines", hide).text, "has ***");
    }
}
