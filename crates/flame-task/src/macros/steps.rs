//! What `task!` does, step by step. It is a file of its own because errors about a closure name its lines.

/// Takes the list between the bars apart, one parameter at a time:
/// `[values] [patterns of the values] [patterns of what is filled in] [their types]`.
///
/// A name is matched as a bare token and checked at the end: matched as an identifier, it would be shown
/// in errors where this macro uses it, and not where it was written.
#[doc(hidden)]
#[macro_export]
macro_rules! __task {
    (@list $v:tt $c:tt $p:tt $t:tt | $($body:tt)+) => {
        $crate::__task!(@body $v $c $p $t $($body)+)
    };
    (@list $v:tt $c:tt $p:tt $t:tt self $($rest:tt)+) => {
        ::core::compile_error!(
            "`self` cannot be taken along: give what the task needs of it a name of its own \
             (`let video = self.video.clone();`)"
        )
    };
    // What the compiler suggests for a variable that is used again.
    (@list $v:tt $c:tt $p:tt $t:tt ref $($rest:tt)+) => {
        $crate::__task!(@whole)
    };
    (@list $v:tt $c:tt $p:tt $t:tt $name:ident . $($rest:tt)+) => {
        $crate::__task!(@whole)
    };
    (@whole) => {
        ::core::compile_error!(
            "a variable is taken along by its name: to keep it, or to take along a part, make another one \
             first (`let title = video.title.clone();`)"
        )
    };
    (@list [$($v:tt)*] [$($c:tt)*] $p:tt $t:tt $name:tt | $($rest:tt)+) => {
        $crate::__task!(@list [$($v)* $name,] [$($c)* $name,] $p $t | $($rest)+)
    };
    (@list [$($v:tt)*] [$($c:tt)*] $p:tt $t:tt $name:tt, $($rest:tt)+) => {
        $crate::__task!(@list [$($v)* $name,] [$($c)* $name,] $p $t $($rest)+)
    };
    (@list [$($v:tt)*] [$($c:tt)*] $p:tt $t:tt mut $name:tt | $($rest:tt)+) => {
        $crate::__task!(@list [$($v)* $name,] [$($c)* mut $name,] $p $t | $($rest)+)
    };
    (@list [$($v:tt)*] [$($c:tt)*] $p:tt $t:tt mut $name:tt, $($rest:tt)+) => {
        $crate::__task!(@list [$($v)* $name,] [$($c)* mut $name,] $p $t $($rest)+)
    };
    (@list $v:tt $c:tt [$($p:tt)*] [$($t:tt)*] $name:ident : $type:ty | $($rest:tt)+) => {
        $crate::__task!(@list $v $c [$($p)* $name,] [$($t)* $type,] | $($rest)+)
    };
    (@list $v:tt $c:tt [$($p:tt)*] [$($t:tt)*] $name:ident : $type:ty, $($rest:tt)+) => {
        $crate::__task!(@list $v $c [$($p)* $name,] [$($t)* $type,] $($rest)+)
    };
    (@list $v:tt $c:tt [$($p:tt)*] [$($t:tt)*] mut $name:ident : $type:ty | $($rest:tt)+) => {
        $crate::__task!(@list $v $c [$($p)* mut $name,] [$($t)* $type,] | $($rest)+)
    };
    (@list $v:tt $c:tt [$($p:tt)*] [$($t:tt)*] mut $name:ident : $type:ty, $($rest:tt)+) => {
        $crate::__task!(@list $v $c [$($p)* mut $name,] [$($t)* $type,] $($rest)+)
    };
    (@list $v:tt $c:tt [$($p:tt)*] [$($t:tt)*] $wrapper:ident($($name:tt)+) : $type:ty | $($rest:tt)+) => {
        $crate::__task!(@list $v $c [$($p)* $wrapper($($name)+),] [$($t)* $type,] | $($rest)+)
    };
    (@list $v:tt $c:tt [$($p:tt)*] [$($t:tt)*] $wrapper:ident($($name:tt)+) : $type:ty, $($rest:tt)+) => {
        $crate::__task!(@list $v $c [$($p)* $wrapper($($name)+),] [$($t)* $type,] $($rest)+)
    };
    (@list $v:tt $c:tt $p:tt $t:tt $($rest:tt)+) => {
        $crate::__task!(@no_parameter)
    };
    (@no_parameter) => {
        ::core::compile_error!(
            "a task's parameter is a variable to take along (`video`, `mut video`) or one that the \
             runner fills in (`db: Provided<Db>`, `cx: Ctx`)"
        )
    };

    // `async |a, b| { .. }`: bare names only, for rustfmt and rustc agree on no other form.
    (@async_list $v:tt $c:tt $p:tt $t:tt | $body:block $(,)?) => {
        $crate::__task!(@body $v $c $p $t async move $body)
    };
    (@async_list [$($v:tt)*] [$($c:tt)*] $p:tt $t:tt $name:tt | $($rest:tt)+) => {
        $crate::__task!(@async_list [$($v)* $name,] [$($c)* $name,] $p $t | $($rest)+)
    };
    (@async_list [$($v:tt)*] [$($c:tt)*] $p:tt $t:tt $name:tt, $($rest:tt)+) => {
        $crate::__task!(@async_list [$($v)* $name,] [$($c)* $name,] $p $t $($rest)+)
    };
    (@async_list $v:tt $c:tt $p:tt $t:tt $($rest:tt)+) => {
        ::core::compile_error!(
            "between the bars of an `async` closure stand bare names: write `|video, db: Provided<Db>| \
             async move { .. }`"
        )
    };

    (@body $v:tt $c:tt $p:tt $t:tt async move $body:block $(,)?) => {
        $crate::__task!(@make draft_async $v $v $c $p $t (async move $body))
    };
    (@body $v:tt $c:tt $p:tt $t:tt async $body:block $(,)?) => {
        $crate::__task!(@make draft_async $v $v $c $p $t (async move $body))
    };
    (@body $v:tt $c:tt $p:tt $t:tt -> $output:ty $body:block $(,)?) => {
        $crate::__task!(@make draft_blocking $v $v $c $p $t (-> $output { $body }))
    };
    (@body $v:tt $c:tt $p:tt $t:tt $body:expr $(,)?) => {
        $crate::__task!(@make draft_blocking $v $v $c $p $t ($body))
    };

    (@make $draft:ident [
        $a:ident, $b:ident, $c:ident, $d:ident, $e:ident, $f:ident, $g:ident, $h:ident, $i:ident,
        $j:ident, $k:ident, $l:ident, $m:ident, $n:ident, $o:ident, $p:ident, $q:ident, $($more:tt)*
    ] $($rest:tt)+) => {
        ::core::compile_error!("at most 16 variables travel: put some of them in a struct")
    };
    // The values twice: once to check that they are names, and once as they were written.
    (@make $draft:ident [$($name:ident,)*] [$($v:tt,)*] [$($c:tt)*] [$($p:tt)*] [$($t:ty,)*] ($($body:tt)+)) => {{
        struct __Site;
        impl $crate::__private::Site for __Site {
            const NAME: &'static str = ::core::module_path!();
            const AT: &'static str =
                ::core::concat!(::core::file!(), ":", ::core::line!(), ":", ::core::column!());
            const NAMED: bool = false;
        }
        $(let $v = $crate::__private::travels($v);)*
        $($crate::__private::is_filled_in::<$t>();)*
        let draft = $crate::__private::$draft(
            __Site,
            ($($v,)*),
            |($($c)*), ($($p)*): ($($t,)*)| $($body)+,
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
    (@make $($other:tt)+) => {
        $crate::__task!(@no_parameter)
    };
}
