/// Why a task cannot leave this process.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// Its arguments do not encode.
    #[error("the arguments of `{name}` do not encode: {message}")]
    Arguments {
        /// The task.
        name: &'static str,
        /// The encoder's words.
        message: String,
    },
    /// It was given a value of its own, which stays in this process.
    #[error(
        "`{name}` was given its own `{type_name}` with `.with(..)`, which cannot travel: await the task, \
         or let the runner's `main` provide the value"
    )]
    OwnProvided {
        /// The task.
        name: &'static str,
        /// The type of the value.
        type_name: &'static str,
    },
    /// The table of this binary does not have it: it was made in a shared library.
    #[error(
        "`{name}` ({at}) is not in the table of this executable: tasks of a shared library cannot travel"
    )]
    NotRegistered {
        /// The task.
        name: &'static str,
        /// Where it is written.
        at: &'static str,
    },
    /// It was polled already, and runs here.
    #[error("`{name}` has been polled already, so it runs here")]
    Started {
        /// The task.
        name: &'static str,
    },
}
