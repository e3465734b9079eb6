//! Finds out from outside whether calls got what they were promised.
//!
//! Tasks and callers write down what they do in one [`Journal`], a file to which each of them appends single
//! lines. So it survives whoever is killed, and its order is the order of events across all processes. A
//! [`judge`] that knows nothing of pools reads it and names every [`Lie`], with the whole story of the call.
//!
//! | line | who writes it, and when |
//! |-|-|
//! | `C <id> <runs> <what>` | the caller, before it submits the call, which may run that many times |
//! | `S <id> <pid>` | the task, before anything else |
//! | `E <id>` | the task, after everything else |
//! | `O <id> <told> <why>` | the caller, when it was told the outcome, or leaves: see [`Told`] |
//! | `K <pid> <how>` | whoever endangers a runner, before doing so |
//!
//! What the journal cannot show is a slot that was lost. For that there is a [`Meeting`] of as many calls as
//! there are slots: if one is missing, it never takes place.

mod dice;
mod entry;
mod journal;
mod judge;
mod lie;
mod meeting;
mod tally;
mod told;

pub use dice::Dice;
pub use entry::Entry;
pub use journal::Journal;
pub use judge::{Ending, Verdict, judge};
pub use lie::{Falsehood, Lie};
pub use meeting::Meeting;
pub use tally::Tally;
pub use told::Told;
