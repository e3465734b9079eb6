use std::time::Duration;

use crate::http::Answer;

/// What a fault does.
#[derive(Debug, Clone)]
pub(crate) enum Effect {
    Answer(Answer),
    Drop,
    Delay(Duration),
    Truncate(usize),
    Garbage,
    SlowBody(Duration),
}
