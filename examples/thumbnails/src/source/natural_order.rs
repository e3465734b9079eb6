use std::cmp::Ordering;

/// Compares two names as people do: `page 2` comes before `page 10`, and case matters little.
///
/// ```
/// use std::cmp::Ordering;
/// use thumbnails::source::natural_order;
///
/// assert_eq!(natural_order("page 2", "page 10"), Ordering::Less);
/// ```
#[must_use]
pub fn natural_order(one: &str, other: &str) -> Ordering {
    parts(one)
        .cmp(parts(other))
        // Names that differ only in case or in leading zeros still need one fixed order.
        .then_with(|| one.cmp(other))
}

/// A run of digits, or a run without any. The order of the variants puts numbers before text.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    /// Without its leading zeros, a longer number is a larger one: so no number is too long to compare.
    Number {
        length: usize,
        digits: &'a str,
    },
    Text(String),
}

impl<'a> Part<'a> {
    fn new(run: &'a str) -> Self {
        if run.starts_with(|c: char| c.is_ascii_digit()) {
            let digits = run.trim_start_matches('0');
            Self::Number {
                length: digits.len(),
                digits,
            }
        } else {
            Self::Text(run.to_lowercase())
        }
    }
}

fn parts(name: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let is_number = rest.chars().next()?.is_ascii_digit();
        let end = rest
            .find(|c: char| c.is_ascii_digit() != is_number)
            .unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(Part::new(run))
    })
}
