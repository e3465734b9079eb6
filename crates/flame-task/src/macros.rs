//! `task!` and `call!`: a block of code as a task.
//!
//! They are declarative macros whose input reads as a closure, so that rustfmt formats it and editors
//! complete in it.

mod steps;

/// Makes a [`Task`](crate::Task) out of any block of code.
///
/// It is written as a closure. The bare names between the bars are the variables that it takes along; their
/// types are inferred. The names with a type are filled in where it runs: [`Provided<T>`](crate::Provided)
/// and [`Ctx`](crate::Ctx).
///
/// ```
/// use flame_task::{Provided, Task, task};
///
/// # #[derive(Clone)]
/// # struct Store;
/// # impl Store {
/// #     async fn put(&self, _: String) {}
/// # }
/// let (title, count) = (String::from("waves"), 3);
///
/// // An async body runs on the runner's async threads.
/// let upload = task!(|title, count, store: Provided<Store>| async move {
///     for i in 0..count {
///         store.put(format!("{title}-{i}")).await;
///     }
/// });
///
/// // Any other body may block, and runs on a thread for that.
/// let numbers = vec![3, 1, 2];
/// let sorted: Task<Vec<i32>> = task!(|mut numbers| {
///     numbers.sort();
///     numbers
/// });
/// ```
///
/// The body may use `?` on any error: if nothing names its error type, that is `anyhow::Error` (with the
/// feature `anyhow`). What it returns is found out from the body alone: where that leaves it open, as in
/// `numbers.iter().sum()`, say it (`|numbers| -> u64 { numbers.iter().sum() }`).
///
/// The body may use no variable that is not named between the bars; the compiler points at what was
/// forgotten. Statics and thread-locals are those of the process it runs in, and unsafe code in it must
/// not rely on what the function around it did before.
#[macro_export]
macro_rules! task {
    ($(move)? || $($body:tt)+) => {
        $crate::__task!(@body [] [] [] [] $($body)+)
    };
    ($(move)? | $($rest:tt)+) => {
        $crate::__task!(@list [] [] [] [] $($rest)+)
    };
    (async $(move)? || $body:block $(,)?) => {
        $crate::__task!(@body [] [] [] [] async move $body)
    };
    (async $(move)? | $($rest:tt)+) => {
        $crate::__task!(@async_list [] [] [] [] $($rest)+)
    };
    ($($other:tt)*) => {
        ::core::compile_error!(
            "a task is written as a closure: `task!(|video, interval| async move { .. })`"
        )
    };
}

/// Runs a block of code on a pool: `call!(pool, |a, b| ..)` is `pool.call(task!(|a, b| ..))`.
///
/// See [`task!`](crate::task!) for what may stand after the pool.
#[macro_export]
macro_rules! call {
    ($pool:expr, $($closure:tt)+) => {
        $pool.call($crate::task!($($closure)+))
    };
}
