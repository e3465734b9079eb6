use std::time::Instant;

use anyhow::ensure;
use bytes::Bytes;

use crate::{Contestant, Latencies, Plan, tell};

/// How large the payloads are, in bytes.
pub const SIZES: [usize; 5] = [1 << 10, 64 << 10, 1 << 20, 16 << 20, 64 << 20];

/// Work C: echoes of large payloads, one after the other.
///
/// # Errors
///
/// A call fails, or something else comes back.
pub async fn large(contestant: &impl Contestant, plan: &Plan) -> anyhow::Result<()> {
    for size in SIZES {
        let payload = sample(size);
        let mut latencies = Latencies::default();
        // One more, which warms up.
        for repeat in 0..=repeats(size, plan) {
            let start = Instant::now();
            let echoed = contestant.echo(payload.clone()).await?;
            if repeat > 0 {
                latencies.add_since(start);
            }
            ensure!(is_same(&echoed, &payload), "something else came back");
        }
        tell_all(size, &mut latencies);
    }
    Ok(())
}

/// A payload of this size, no two neighboring bytes of which are the same.
pub fn sample(size: usize) -> Bytes {
    let bytes = (0..size).map(|at| (at * 31) as u8);
    bytes.collect::<Vec<_>>().into()
}

/// The smaller a payload, the more of them make one number.
pub(crate) fn repeats(size: usize, plan: &Plan) -> usize {
    plan.repeats * ((16 << 20) / size).clamp(1, 200)
}

/// Compares a few bytes; to compare all would be most of the work.
pub(crate) fn is_same(echoed: &[u8], payload: &[u8]) -> bool {
    let step = (payload.len() / 7).max(1);
    let picked = |bytes: &[u8]| bytes.iter().step_by(step).copied().collect::<Vec<_>>();
    echoed.len() == payload.len()
        && picked(echoed) == picked(payload)
        && echoed.last() == payload.last()
}

/// The rate counts a payload once, though it goes there and back.
pub(crate) fn tell_all(size: usize, latencies: &mut Latencies) {
    let name = size_name(size);
    let micros = latencies.micros_at(0.5);
    tell(&format!("C/{name}/ms"), micros / 1e3);
    tell(&format!("C/{name}/mb_per_s"), size as f64 / micros);
}

/// The size as people say it.
pub fn size_name(bytes: usize) -> String {
    match bytes >> 20 {
        0 => format!("{}KiB", bytes >> 10),
        mib => format!("{mib}MiB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echo_that_differs_in_length_or_content_is_found() {
        let payload = sample(1000);
        assert!(is_same(&payload, &payload));
        assert!(!is_same(&payload[..999], &payload));
        assert!(!is_same(&[0; 1000], &payload));
    }

    #[test]
    fn sizes_are_named_as_people_say_them() {
        assert_eq!(
            SIZES.map(size_name),
            ["1KiB", "64KiB", "1MiB", "16MiB", "64MiB"]
        );
    }
}
