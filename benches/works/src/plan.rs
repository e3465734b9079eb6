use std::time::{Duration, Instant};

use crate::Work;

/// What a contestant's program is asked for, as it stands on its command line.
#[derive(Clone, Debug, clap::Args)]
pub struct Plan {
    /// The works to do, in this order.
    #[arg(long, value_delimiter = ',', required = true)]
    pub works: Vec<Work>,
    /// How long one measurement takes.
    #[arg(long, default_value_t = 1000)]
    pub millis: u64,
    /// The fewest calls of work A, however long they take.
    #[arg(long, default_value_t = 5000)]
    pub calls: usize,
    /// How often what takes long is repeated: the largest payloads, boots, bursts.
    #[arg(long, default_value_t = 5)]
    pub repeats: usize,
}

impl Plan {
    /// When a measurement that begins now ends.
    pub fn until(&self) -> Instant {
        Instant::now() + Duration::from_millis(self.millis)
    }
}
