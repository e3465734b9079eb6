/// A value that a task asks for and that nobody provided in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{task}` ({at}) asks for `Provided<{type_name}>`")]
pub struct MissingProvided {
    /// The task's name.
    pub task: &'static str,
    /// Where the task is written.
    pub at: &'static str,
    /// The name of the type.
    pub type_name: &'static str,
}
