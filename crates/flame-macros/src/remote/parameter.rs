use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::spanned::Spanned;
use syn::{FnArg, Pat, PatType, Type};

/// One parameter of the function.
pub(super) struct Parameter {
    /// What callers and the task call it.
    pub(super) name: Ident,
    /// As the function declares it, for its body.
    pub(super) declared: PatType,
    /// Where its value comes from.
    pub(super) source: Source,
}

/// Where the value of a parameter comes from.
pub(super) enum Source {
    /// The caller passes it, and it travels.
    Value,
    /// The caller passes a reference to this type, and an owned value travels.
    Reference(Box<Type>),
    /// The runner fills it in.
    Injected,
}

/// The types that are filled in, by the last name of their paths.
const INJECTED: [&str; 2] = ["Provided", "Ctx"];

impl Parameter {
    pub(super) fn read(position: usize, argument: FnArg) -> syn::Result<Self> {
        let declared = match argument {
            FnArg::Typed(declared) => declared,
            FnArg::Receiver(receiver) => {
                return Err(syn::Error::new_spanned(
                    receiver,
                    "a method cannot be remote: write a function that takes what it needs of `self`, or \
                     `task!(|this| ..)` inside the method",
                ));
            }
        };
        let name = if let Pat::Ident(name) = &*declared.pat {
            name.ident.clone()
        } else {
            // A pattern is for the body; callers see a plain name.
            format_ident!("argument_{position}", span = declared.pat.span())
        };
        let source = Source::of(&declared.ty)?;
        Ok(Self {
            name,
            declared,
            source,
        })
    }

    /// The type of the value that travels, if one does.
    pub(super) fn wire_type(&self) -> Option<TokenStream> {
        match &self.source {
            Source::Value => {
                let own = &self.declared.ty;
                Some(quote!(#own))
            }
            Source::Reference(to) => Some(quote!(<#to as ::std::borrow::ToOwned>::Owned)),
            Source::Injected => None,
        }
    }

    /// The value that travels, made of what the caller passed.
    pub(super) fn wire_value(&self) -> Option<TokenStream> {
        let name = &self.name;
        match &self.source {
            Source::Value => Some(quote!(#name)),
            Source::Reference(to) => Some(quote!(<#to as ::std::borrow::ToOwned>::to_owned(#name))),
            Source::Injected => None,
        }
    }

    /// What the body is called with, where it runs.
    pub(super) fn passed(&self) -> TokenStream {
        let name = &self.name;
        match &self.source {
            Source::Value | Source::Injected => quote!(#name),
            Source::Reference(to) => quote!(::std::borrow::Borrow::<#to>::borrow(&#name)),
        }
    }

    pub(super) fn is_injected(&self) -> bool {
        matches!(self.source, Source::Injected)
    }
}

impl Source {
    fn of(declared: &Type) -> syn::Result<Self> {
        let refuse = |message| Err(syn::Error::new_spanned(declared, message));
        if let Type::ImplTrait(_) = declared {
            return refuse(
                "the runner must know this type: name it, or make the function generic \
                 (`fn f<T: Wire>(t: T)`)",
            );
        }
        if let Type::Reference(reference) = declared {
            if reference.mutability.is_some() {
                return refuse(
                    "a change made on the runner does not come back: take it by value and return it",
                );
            }
            if reference.lifetime.is_some() {
                return refuse(
                    "the task owns a copy of what the reference points to, so there is no lifetime to \
                     name: write `&T`",
                );
            }
            refuse_borrowed_parts(&reference.elem)?;
            return Ok(Self::Reference(reference.elem.clone()));
        }
        let is_injected = matches!(declared, Type::Path(path)
            if path.path.segments.last().is_some_and(|last| INJECTED.iter().any(|name| last.ident == name)));
        if is_injected {
            return Ok(Self::Injected);
        }
        refuse_borrowed_parts(declared)?;
        Ok(Self::Value)
    }
}

/// Refuses a reference deeper in a type, which the compiler would only say long things about.
fn refuse_borrowed_parts(of: &Type) -> syn::Result<()> {
    match first_reference(of.to_token_stream()) {
        None => Ok(()),
        Some(reference) => Err(syn::Error::new_spanned(
            reference,
            "only a whole argument may be a reference: own what is inside of it (`Option<String>`)",
        )),
    }
}

fn first_reference(tokens: TokenStream) -> Option<TokenTree> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Punct(ref punct) if punct.as_char() == '&' => Some(token),
        TokenTree::Group(group) => first_reference(group.stream()),
        TokenTree::Punct(_) | TokenTree::Ident(_) | TokenTree::Literal(_) => None,
    })
}
