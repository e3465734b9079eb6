use crate::registry::Entry;
use crate::task::Task;

/// A task that its call site has written down completely: what it is called with, what it runs, and how
/// its output travels. Its type alone is enough to describe it in the table.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this task cannot be sent to a runner",
    label = "another error names the type that is the reason"
)]
pub trait Describe: Sized + 'static {
    /// The function or closure that it runs.
    type Function: Copy;
    /// What it returns.
    type Output;

    /// The task's line in the table.
    fn entry(function: Self::Function) -> Entry;

    /// The task, given its line in the table.
    fn into_task(self, entry: Option<&'static Entry>) -> Task<Self::Output>;
}
