use serde::{Deserialize, Deserializer};

/// The longest word of a server that is told on, in characters.
const LONGEST_WORD: usize = 200;

/// Whether a text may be told on as it is: it is short, and holds nothing that a terminal obeys. Whatever Fly names or
/// counts is.
pub(super) fn is_word(text: &str) -> bool {
    text.chars().nth(LONGEST_WORD).is_none() && !text.chars().any(char::is_control)
}

/// Reads a word. What is none has not been said.
pub(super) fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.filter(|text| is_word(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_no_word_and_neither_is_what_nobody_reads() {
        assert!(is_word("launch_failed") && is_word("") && is_word("Zürich 2"));
        assert!(!is_word("started\u{1b}[2J") && !is_word("two\nlines"));
        assert!(is_word(&"ü".repeat(LONGEST_WORD)));
        assert!(!is_word(&"ü".repeat(LONGEST_WORD + 1)));
    }
}
