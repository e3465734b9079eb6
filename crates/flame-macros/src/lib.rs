//! The `#[flame::remote]` attribute.

use proc_macro::TokenStream;

/// Makes a function a task.
#[proc_macro_attribute]
pub fn remote(_options: TokenStream, item: TokenStream) -> TokenStream {
    item
}
