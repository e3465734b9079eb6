use anyhow::Context as _;

/// One number that a program has told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Number {
    pub(crate) key: String,
    pub(crate) value: f64,
}

impl Number {
    pub(crate) fn read(line: &str) -> anyhow::Result<Self> {
        let parts = line.split_once('\t');
        let (key, value) = parts.with_context(|| format!("`{line}` is no number"))?;
        let value = value
            .parse()
            .with_context(|| format!("`{line}` is no number"))?;
        Ok(Self {
            key: key.to_owned(),
            value,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_key_and_a_value_or_an_error() {
        let number = Number::read("A/p50_us\t12.5").unwrap();
        assert_eq!((number.key.as_str(), number.value), ("A/p50_us", 12.5));
        assert!(Number::read("A/p50_us 12.5").is_err());
        assert!(Number::read("A/p50_us\tmany").is_err());
    }
}
