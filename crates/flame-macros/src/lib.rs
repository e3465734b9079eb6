//! The `#[flame::remote]` attribute.
//!
//! What it expands to names items of `::flame::__private`, which only this crate and the facade know.

use proc_macro::TokenStream;
use syn::parse_macro_input;

mod remote;

/// Makes a function a task: calling it gives a `Task`, which runs here when awaited and on a runner when
/// given to a pool.
///
/// ```text
/// /// One thumbnail every `interval` seconds.
/// #[flame::remote]
/// async fn thumbnails(video: Video, interval: u32, store: Provided<Store>) -> Result<Vec<Url>, ThumbError> {
///     ..
/// }
///
/// let here = thumbnails(video, 5).await?;
/// let there = thumbnails(video, 5).on(&pool).await??;
/// ```
///
/// * An `async fn` runs on the runner's async threads; any other function may block and runs on a thread
///   for that.
/// * Parameters of type `Provided<T>` and `Ctx` are filled in where it runs, and callers do not pass them.
/// * References (`&str`, `&[T]`, `&Path`, `&T` of a `T: Clone`) are passed as such; the task owns a copy.
/// * A function that is not generic is known to other builds of the app by its path and its types. A
///   generic one is known for each set of types that it is called with, inside one build.
///
/// If the app calls the library by another name, say so: `#[remote(crate = my_flame)]`.
#[proc_macro_attribute]
pub fn remote(options: TokenStream, item: TokenStream) -> TokenStream {
    let options = parse_macro_input!(options as remote::Options);
    let item = proc_macro2::TokenStream::from(item);
    remote::expand(&options, item)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
