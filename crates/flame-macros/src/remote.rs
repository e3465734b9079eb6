//! `#[remote]`: first the function is read into what matters about it, then it is written anew.

use proc_macro2::TokenStream;
use syn::{Item, ItemFn};

mod attributes;
mod function;
mod options;
mod parameter;
mod write;

use function::Function;
pub(crate) use options::Options;

/// Writes the function anew.
pub(crate) fn expand(options: &Options, item: TokenStream) -> syn::Result<TokenStream> {
    let function = Function::read(item_fn(item)?)?;
    Ok(write::write(options, &function))
}

fn item_fn(item: TokenStream) -> syn::Result<ItemFn> {
    let anything = item.clone();
    // Methods parse as functions too, and are refused with a reason of their own.
    syn::parse2::<ItemFn>(item).map_err(|error| match syn::parse2::<Item>(anything) {
        Ok(other) => syn::Error::new_spanned(other, "`#[remote]` goes on a function"),
        Err(_) => error,
    })
}
