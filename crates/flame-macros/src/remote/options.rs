use syn::parse::{Parse, ParseStream};
use syn::{Path, Token, parse_quote};

/// What stands behind `#[remote]` in parentheses.
pub(crate) struct Options {
    /// The library, as the app calls it.
    pub(super) library: Path,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            return Ok(Self {
                library: parse_quote!(::flame),
            });
        }
        input.parse::<Token![crate]>().map_err(|error| {
            let message =
                "the only option is the name of the library: `#[remote(crate = my_flame)]`";
            syn::Error::new(error.span(), message)
        })?;
        input.parse::<Token![=]>()?;
        let library = input.call(Path::parse_mod_style)?;
        Ok(Self { library })
    }
}
