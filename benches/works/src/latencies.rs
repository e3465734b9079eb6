use std::time::{Duration, Instant};

/// How long each of many calls took.
#[derive(Clone, Debug, Default)]
pub struct Latencies(Vec<Duration>);

impl Latencies {
    /// Adds what began then and has ended now.
    pub fn add_since(&mut self, start: Instant) {
        self.0.push(start.elapsed());
    }

    /// Adds those of another caller.
    pub fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The latency that this share of the calls did not exceed, in microseconds.
    pub fn micros_at(&mut self, share: f64) -> f64 {
        self.0.sort_unstable();
        let last = self.0.len().saturating_sub(1);
        let at = (last as f64 * share).round() as usize;
        self.0.get(at).map_or(f64::NAN, |it| it.as_secs_f64() * 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_the_calls_in_order_of_their_length() {
        let mut latencies = Latencies((1..=101).rev().map(Duration::from_micros).collect());
        assert_eq!(latencies.micros_at(0.5).round(), 51.0);
        assert_eq!(latencies.micros_at(0.99).round(), 100.0);
        assert_eq!(latencies.micros_at(1.0).round(), 101.0);
    }

    #[test]
    fn of_no_calls_there_is_no_number() {
        assert!(Latencies::default().micros_at(0.5).is_nan());
    }
}
