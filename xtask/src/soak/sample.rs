use anyhow::bail;

/// What the parent said of itself at one moment.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    /// How long it had been busy.
    pub(super) second: u64,
    pub(super) kilobytes: u64,
    descriptors: u64,
    threads: u64,
    temporary_files: u64,
    /// Calls that were made so far.
    pub(super) asked: u64,
    pub(super) ok: u64,
    pub(super) other: u64,
    pub(super) left: u64,
}

/// A number out of a sample.
pub(super) type What = fn(&Sample) -> u64;

/// What must not become ever more.
pub(super) const COUNTS: &[(&str, What)] = &[
    ("descriptors", |now| now.descriptors),
    ("threads", |now| now.threads),
    ("temporary files", |now| now.temporary_files),
];

impl Sample {
    pub(super) fn read(line: &str) -> anyhow::Result<Self> {
        let numbers: Vec<u64> = line
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        let [
            second,
            kilobytes,
            descriptors,
            threads,
            temporary_files,
            asked,
            ok,
            other,
            left,
        ] = numbers[..]
        else {
            bail!("this is no sample: {line}");
        };
        Ok(Self {
            second,
            kilobytes,
            descriptors,
            threads,
            temporary_files,
            asked,
            ok,
            other,
            left,
        })
    }
}

/// The number in the middle; 0 of none.
pub(super) fn median(samples: &[Sample], what: What) -> f64 {
    let mut numbers: Vec<u64> = samples.iter().map(what).collect();
    numbers.sort_unstable();
    numbers.get(numbers.len() / 2).copied().unwrap_or_default() as f64
}

/// The least, the median and the most of everything, after the first quarter.
pub(super) fn summary(samples: &[Sample]) -> Vec<String> {
    let later = &samples[samples.len() / 4..];
    let memory: (&str, What) = ("KB of memory", |now| now.kilobytes);
    let rows = [memory].into_iter().chain(COUNTS.iter().copied());
    rows.map(|(name, what)| {
        let numbers = || later.iter().map(what);
        format!(
            "{name:<16} {:>7} at least, {:>7} in the middle, {:>7} at most",
            numbers().min().unwrap_or_default(),
            median(later, what),
            numbers().max().unwrap_or_default()
        )
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_read_or_refused() {
        let sample = Sample::read("10 20000 30 8 1 100 90 8 2").unwrap();
        assert_eq!((sample.second, sample.left), (10, 2));
        assert!(Sample::read("10 20000").is_err());
        assert!(Sample::read("a b").is_err());
    }

    #[test]
    fn one_sample_that_is_far_off_does_not_move_the_median() {
        let samples: Vec<_> = [5, 1_000, 7]
            .map(|kilobytes| Sample::read(&format!("1 {kilobytes} 1 1 1 1 1 1 1")).unwrap())
            .into();
        assert!((median(&samples, |now| now.kilobytes) - 7.0).abs() < f64::EPSILON);
    }
}
