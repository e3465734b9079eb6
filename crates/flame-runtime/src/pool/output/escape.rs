use std::borrow::Cow;

/// Text that was written elsewhere, with everything escaped that could move a cursor, color a terminal, begin
/// another line, or turn the direction of writing. Tabs stay.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_harmful(c) {
            escaped.extend(c.escape_default());
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

fn is_harmful(c: char) -> bool {
    let ends_a_line = matches!(c, '\u{2028}' | '\u{2029}');
    let turns_direction = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    (c.is_control() && c != '\t') || ends_a_line || turns_direction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_harm_a_terminal_or_a_log_is_escaped() {
        assert_eq!(escape("\u{1b}[2J\rgone\u{7}"), r"\u{1b}[2J\rgone\u{7}");
        assert_eq!(escape("one\nINFO forged"), r"one\nINFO forged");
        assert_eq!(escape("a\u{202e}b\u{9b}"), r"a\u{202e}b\u{9b}");
    }

    #[test]
    fn other_text_stays_as_it_is() {
        let text = "\tπ ≈ 3 \\n \u{1f525}";
        assert!(matches!(escape(text), Cow::Borrowed(same) if same == text));
    }
}
