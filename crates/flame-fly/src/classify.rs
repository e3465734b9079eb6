//! What an answer that says no means.

use crate::api::Problem;

/// What an answer that says no means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The token is not good, or not for this.
    Credentials,
    /// The request can never succeed as it is.
    Mistake,
    /// There is no room, here or now.
    Capacity,
    /// There is a machine of that name, with this id.
    NameTaken(Option<String>),
    /// There is nothing there.
    NotFound,
    /// It took too long. Whether it was done is not known.
    Slow,
    /// Somebody else is at it, or it has not settled yet.
    Busy,
    /// Fewer requests, please.
    RateLimited,
    /// The server's own fault. Whether it was done is not known.
    Server,
    /// The address leads elsewhere.
    Redirect,
}

/// Reads the status, the code and, where neither tells, the words.
///
/// As Fly's own client does it: where there is a code, words say nothing about room.
pub(crate) fn classify(status: u16, problem: &Problem) -> Refusal {
    let words = problem.text.as_str();
    let has_word_of_room = problem.code.is_empty() && tells_of_room(status, words);
    match (status, problem.code.as_str()) {
        (_, "insufficient_capacity" | "volume_placement_capacity") => Refusal::Capacity,
        (409, _) if words.contains("already_exists") => Refusal::NameTaken(holder(words)),
        _ if has_word_of_room => Refusal::Capacity,
        (300..=399, _) => Refusal::Redirect,
        (401 | 403, _) => Refusal::Credentials,
        (404 | 410, _) => Refusal::NotFound,
        (408, _) => Refusal::Slow,
        (409 | 412 | 423 | 425, _) => Refusal::Busy,
        (429, _) => Refusal::RateLimited,
        (400..=499, _) => Refusal::Mistake,
        // Also what is no status of an answer at all.
        _ => Refusal::Server,
    }
}

/// Whether the words say that there is no room, where nothing else says so.
fn tells_of_room(status: u16, words: &str) -> bool {
    let phrases: &[&str] = match status {
        400 => &["no capacity"],
        // Other regions may have room within the organization's quota; any other 403 is the token's.
        403 => &["over the allowed quota"],
        409 => &["insufficient ", "could not reserve resource", "no capacity"],
        412 => &["insufficient resources"],
        422 => &["could not find a candidate host"],
        _ => &[],
    };
    phrases.iter().any(|phrase| words.contains(phrase))
}

/// The id in `… machine ID 1857156b526dd8 already exists with name …`.
fn holder(words: &str) -> Option<String> {
    let (_, rest) = words.split_once("machine ID ")?;
    let id = rest.split_ascii_whitespace().next()?;
    Some(id.to_owned())
}

#[cfg(test)]
mod tests;
