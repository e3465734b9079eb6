use anyhow::Context as _;

use crate::number::Number;

/// The committed counts of instructions, as numbers of work H: they say how it grows, which no clock does.
///
/// # Errors
///
/// A line is no count.
pub(crate) fn of_checkouts(baseline: &str) -> anyhow::Result<Vec<Number>> {
    let lines = baseline.lines().map(|line| line.strip_prefix("checkout/"));
    let read = |line: &str| {
        let parts = line.split_once(' ');
        let (size, count) = parts.with_context(|| format!("`{line}` is no count"))?;
        let value = count
            .parse()
            .with_context(|| format!("`{line}` is no count"))?;
        let key = format!("H/{size}/instructions");
        Ok(Number { key, value })
    };
    lines.flatten().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_checkouts_are_numbers_and_others_are_not_asked() {
        let counts = of_checkouts("# read me\ncheckout/100/0 7012\ndecode 961\n").unwrap();
        let expected = Number {
            key: "H/100/0/instructions".to_owned(),
            value: 7012.0,
        };
        assert_eq!(counts, [expected]);
        assert!(of_checkouts("checkout/100/0 many").is_err());
    }
}
