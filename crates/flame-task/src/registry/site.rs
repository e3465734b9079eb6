/// Where a task was written. Each expansion of a macro implements it for a type of its own.
#[doc(hidden)]
pub trait Site: 'static {
    /// The path of a function, or the module of a closure.
    const NAME: &'static str;
    /// `file:line:column`.
    const AT: &'static str;
    /// Whether it is known by its name and signature to other builds.
    const NAMED: bool;
}
