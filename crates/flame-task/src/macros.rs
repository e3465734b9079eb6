//! `task!` and `call!`: a block of code as a task.
//!
//! They are declarative macros whose input reads as a closure, so that rustfmt formats it and editors
//! complete in it.

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
/// feature `anyhow`). What it returns is found out from the body alone, so a body like `numbers.iter().sum()`
/// says it, `|numbers| -> u64 { .. }` or by a typed variable. It may use nothing that it does not name between the bars; the compiler points at
/// what was forgotten. Statics and thread-locals are those of the process it runs in, and unsafe code in
/// it must not rely on what the function around it did before.
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
/// See [`task!`](crate::task) for what may stand after the pool.
#[macro_export]
macro_rules! call {
    ($pool:expr, $($closure:tt)+) => {
        $pool.call($crate::task!($($closure)+))
    };
}

/// Takes the list between the bars apart, one parameter at a time:
/// `[values] [patterns of the values] [patterns of what is filled in] [their types]`.
#[doc(hidden)]
#[macro_export]
macro_rules! __task {
    (@list $v:tt $c:tt $p:tt $t:tt | $($body:tt)+) => {
        $crate::__task!(@body $v $c $p $t $($body)+)
    };
    (@list [$($v:tt)*] [$($c:tt)*] $p:tt $t:tt $name:ident | $($rest:tt)+) => {
        $crate::__task!(@list [$($v)* $name,] [$($c)* $name,] $p $t | $($rest)+)
    };
    (@list [$($v:tt)*] [$($c:tt)*] $p:tt $t:tt $name:ident, $($rest:tt)+) => {
        $crate::__task!(@list [$($v)* $name,] [$($c)* $name,] $p $t $($rest)+)
    };
    (@list [$($v:tt)*] [$($c:tt)*] $p:tt $t:tt mut $name:ident | $($rest:tt)+) => {
        $crate::__task!(@list [$($v)* $name,] [$($c)* mut $name,] $p $t | $($rest)+)
    };
    (@list [$($v:tt)*] [$($c:tt)*] $p:tt $t:tt mut $name:ident, $($rest:tt)+) => {
        $crate::__task!(@list [$($v)* $name,] [$($c)* mut $name,] $p $t $($rest)+)
    };
    (@list $v:tt $c:tt [$($p:tt)*] [$($t:tt)*] $name:ident : $type:ty | $($rest:tt)+) => {
        $crate::__task!(@list $v $c [$($p)* $name,] [$($t)* $type,] | $($rest)+)
    };
    (@list $v:tt $c:tt [$($p:tt)*] [$($t:tt)*] $name:ident : $type:ty, $($rest:tt)+) => {
        $crate::__task!(@list $v $c [$($p)* $name,] [$($t)* $type,] $($rest)+)
    };
    (@list $v:tt $c:tt [$($p:tt)*] [$($t:tt)*] $wrapper:ident($name:ident) : $type:ty | $($rest:tt)+) => {
        $crate::__task!(@list $v $c [$($p)* $wrapper($name),] [$($t)* $type,] | $($rest)+)
    };
    (@list $v:tt $c:tt [$($p:tt)*] [$($t:tt)*] $wrapper:ident($name:ident) : $type:ty, $($rest:tt)+) => {
        $crate::__task!(@list $v $c [$($p)* $wrapper($name),] [$($t)* $type,] $($rest)+)
    };
    (@list $v:tt $c:tt $p:tt $t:tt $($rest:tt)+) => {
        ::core::compile_error!(
            "a task's parameter is a variable to take along (`video`, `mut video`) or one that the \
             runner fills in (`db: Provided<Db>`, `cx: Ctx`)"
        )
    };

    // `async |a, b| { .. }`: bare names only, for rustfmt and rustc agree on no other form.
    (@async_list $v:tt $c:tt $p:tt $t:tt | $body:block $(,)?) => {
        $crate::__task!(@body $v $c $p $t async move $body)
    };
    (@async_list [$($v:tt)*] [$($c:tt)*] $p:tt $t:tt $name:ident | $($rest:tt)+) => {
        $crate::__task!(@async_list [$($v)* $name,] [$($c)* $name,] $p $t | $($rest)+)
    };
    (@async_list [$($v:tt)*] [$($c:tt)*] $p:tt $t:tt $name:ident, $($rest:tt)+) => {
        $crate::__task!(@async_list [$($v)* $name,] [$($c)* $name,] $p $t $($rest)+)
    };

    (@body $v:tt $c:tt $p:tt $t:tt async move $body:block $(,)?) => {
        $crate::__task!(@make draft_async $v $c $p $t (async move $body))
    };
    (@body $v:tt $c:tt $p:tt $t:tt async $body:block $(,)?) => {
        $crate::__task!(@make draft_async $v $c $p $t (async move $body))
    };
    (@body $v:tt $c:tt $p:tt $t:tt -> $output:ty $body:block $(,)?) => {
        $crate::__task!(@make draft_blocking $v $c $p $t (-> $output { $body }))
    };
    (@body $v:tt $c:tt $p:tt $t:tt $body:expr $(,)?) => {
        $crate::__task!(@make draft_blocking $v $c $p $t ($body))
    };

    (@make $draft:ident [
        $a:ident, $b:ident, $c:ident, $d:ident, $e:ident, $f:ident, $g:ident, $h:ident, $i:ident,
        $j:ident, $k:ident, $l:ident, $m:ident, $n:ident, $o:ident, $p:ident, $q:ident, $($more:tt)*
    ] $($rest:tt)+) => {
        ::core::compile_error!("at most 16 variables travel: put some of them in a struct")
    };
    (@make $draft:ident [$($v:ident,)*] [$($c:tt)*] [$($p:tt)*] [$($t:tt)*] ($($body:tt)+)) => {{
        struct __Site;
        impl $crate::__private::Site for __Site {
            const NAME: &'static str = ::core::module_path!();
            const AT: &'static str =
                ::core::concat!(::core::file!(), ":", ::core::line!(), ":", ::core::column!());
            const NAMED: bool = false;
        }
        $(let $v = $crate::__private::travels($v);)*
        let draft = $crate::__private::$draft(
            __Site,
            ($($v,)*),
            |($($c)*), ($($p)*): ($($t)*)| $($body)+,
        );
        let _captures_nothing: fn(_, _) -> _ = draft.function;
        let codec = {
            #[allow(unused_imports)]
            use $crate::__private::{ViaAnyhow as _, ViaPlain as _};
            let output = draft.output();
            (&output).codec().check(&output)
        };
        // SAFETY: the coercion above is an error for a closure that captures anything.
        unsafe { $crate::__private::register(draft.returning(codec)) }
    }};
}
