//! What Fly, or whoever answers in its place, says.

use std::sync::LazyLock;

use flame_fly::{Answers, FlyConfig, Secret};

/// It must be in no error, whatever a server repeats.
const TOKEN: &str = "fm2_canarytoken";
/// No text that is told on has more characters.
const LONGEST: usize = 16 * 1024;

/// Reads an answer in each way there is. Its status stands on the first line, and the rest is its body. What is told on
/// of it is short and holds nothing that a terminal obeys, and an error holds no token.
pub(crate) fn run(bytes: &[u8]) {
    static ANSWERS: LazyLock<Answers> = LazyLock::new(answers);
    let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
    let status = parts.next().and_then(|line| std::str::from_utf8(line).ok());
    let status = status.and_then(|line| line.parse().ok()).unwrap_or(200);
    let body = parts.next().unwrap_or_default();
    let one = ANSWERS.one(status, body).map(|told| vec![told]);
    for read in [one, ANSWERS.list(status, body)] {
        match read {
            Ok(told) => told.iter().flatten().for_each(|text| check(text)),
            Err(error) => {
                let text = error.to_string();
                check(&text);
                assert!(!text.contains(TOKEN), "{text}");
            }
        }
    }
}

fn answers() -> Answers {
    let word = |word: &str| Some(word.to_owned());
    let config = FlyConfig {
        token: Some(Secret::from(TOKEN)),
        app: word("my-app"),
        image: word("registry.example/my-app:1"),
        region: word("iad"),
        parent_ip: Some([127, 0, 0, 1].into()),
        ..FlyConfig::default()
    };
    Answers::new(config).unwrap()
}

fn check(text: &str) {
    assert!(!text.chars().any(char::is_control), "{text:?}");
    assert!(text.chars().nth(LONGEST).is_none(), "{} bytes", text.len());
}
