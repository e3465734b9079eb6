use crate::task::Task;

/// A place that runs tasks: the runtime's pool.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not run tasks",
    label = "a task runs on a pool: `.on(&pool)`"
)]
pub trait RunsTasks {
    /// A running call, as a builder and a future.
    type Call<R: Send + 'static>;

    /// Runs the task.
    fn call<R: Send + 'static>(&self, task: Task<R>) -> Self::Call<R>;
}
