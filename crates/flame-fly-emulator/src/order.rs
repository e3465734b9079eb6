use std::time::Duration;

use crate::exit::Exit;

/// What a machine is told to do.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Order {
    Start,
    /// Sends the signal, and kills what is left after that time.
    Stop {
        signal: i32,
        timeout: Duration,
    },
    Destroy,
    /// Ends the program, and has it that it ended so.
    End(Exit),
}
