//! Random numbers: for names of attempts, and for delays that shall differ between parents.

use std::time::Duration;

/// Any number.
pub(crate) fn number() -> u64 {
    // Where the system has no random source, the attempts of one parent still differ, by their address
    // space at least. It is not a secret.
    getrandom::u64().unwrap_or_else(|_| {
        let here = Box::new(0_u8);
        std::ptr::from_ref(here.as_ref()) as usize as u64
    })
}

/// A delay between nothing and this.
pub(crate) fn up_to(most: Duration) -> Duration {
    let thousandths = u32::try_from(number() % 1001).unwrap_or(0);
    most.saturating_mul(thousandths) / 1000
}
