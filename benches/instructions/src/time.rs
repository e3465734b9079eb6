use std::time::Instant;

use works::tell;

use crate::checkouts::Checkouts;

/// The best of so many batches counts: whatever else the computer does only ever adds.
const BATCHES: usize = 20;
const TURNS: u32 = 10_000;

/// Work H: one checkout and one checkin, at several sizes.
pub(crate) fn measure() -> anyhow::Result<()> {
    for runners in [1, 10, 100, 1_000, 10_000] {
        for waiting in [0, 10_000] {
            let mut checkouts = Checkouts::new(runners, waiting)?;
            let batches = (0..BATCHES).map(|_| {
                let start = Instant::now();
                (0..TURNS).for_each(|_| checkouts.turn());
                start.elapsed() / TURNS
            });
            let best = batches.min().unwrap_or_default();
            tell(&format!("H/{runners}/{waiting}/ns"), best.as_nanos() as f64);
        }
    }
    Ok(())
}
