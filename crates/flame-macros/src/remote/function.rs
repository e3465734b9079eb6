use syn::{
    Attribute, Block, GenericParam, Generics, Ident, ItemFn, Signature, Type, Visibility,
    parse_quote,
};

use crate::remote::attributes;
use crate::remote::parameter::Parameter;

/// A function, as far as it matters here.
pub(super) struct Function {
    /// Documentation, lints and the like.
    pub(super) outer_attributes: Vec<Attribute>,
    /// What belongs to the body.
    pub(super) inner_attributes: Vec<Attribute>,
    pub(super) visibility: Visibility,
    pub(super) name: Ident,
    pub(super) generics: Generics,
    pub(super) is_async: bool,
    pub(super) parameters: Vec<Parameter>,
    pub(super) output: Type,
    pub(super) block: Block,
}

/// How many parameters may travel: serde's limit for tuples.
const MOST_CAPTURES: usize = 16;

impl Function {
    pub(super) fn read(item: ItemFn) -> syn::Result<Self> {
        refuse_modifiers(&item.sig)?;
        refuse_lifetimes(&item.sig.generics)?;
        let (outer_attributes, inner_attributes) = attributes::split(item.attrs);
        let arguments = item.sig.inputs.into_iter().enumerate();
        let parameters = arguments
            .map(|(position, argument)| Parameter::read(position, argument))
            .collect::<syn::Result<Vec<_>>>()?;
        let mut traveling = parameters.iter().filter(|one| !one.is_injected());
        if let Some(one_too_many) = traveling.nth(MOST_CAPTURES) {
            let message = "at most 16 arguments travel: put some of them in a struct";
            return Err(syn::Error::new_spanned(&one_too_many.declared, message));
        }
        let output = match item.sig.output {
            syn::ReturnType::Default => parse_quote!(()),
            syn::ReturnType::Type(_, output) => *output,
        };
        if let Type::ImplTrait(output) = &output {
            let message = "the parent must know the type of the result: name it";
            return Err(syn::Error::new_spanned(output, message));
        }
        Ok(Self {
            outer_attributes,
            inner_attributes,
            visibility: item.vis,
            name: item.sig.ident,
            generics: item.sig.generics,
            is_async: item.sig.asyncness.is_some(),
            parameters,
            output,
            block: *item.block,
        })
    }

    /// Whether it is known for each set of types, and not by its name.
    pub(super) fn is_generic(&self) -> bool {
        !self.generics.params.is_empty()
    }

    /// The parameters that travel.
    pub(super) fn traveling(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|one| !one.is_injected())
    }

    /// The parameters that the runner fills in.
    pub(super) fn injected(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|one| one.is_injected())
    }
}

fn refuse_modifiers(signature: &Signature) -> syn::Result<()> {
    if let Some(modifier) = &signature.unsafety {
        let message = "a remote function cannot be unsafe: its caller runs in another process";
        return Err(syn::Error::new_spanned(modifier, message));
    }
    if let Some(modifier) = &signature.constness {
        let message = "a remote function cannot be const";
        return Err(syn::Error::new_spanned(modifier, message));
    }
    if let Some(modifier) = &signature.abi {
        let message = "a remote function is a Rust function";
        return Err(syn::Error::new_spanned(modifier, message));
    }
    if let Some(variadic) = &signature.variadic {
        let message = "a remote function takes a fixed number of arguments";
        return Err(syn::Error::new_spanned(variadic, message));
    }
    Ok(())
}

fn refuse_lifetimes(generics: &Generics) -> syn::Result<()> {
    for parameter in &generics.params {
        if let GenericParam::Lifetime(lifetime) = parameter {
            let message = "a remote function has no lifetimes: take arguments by value, or as plain \
                           references (`&str`), of which the task owns a copy";
            return Err(syn::Error::new_spanned(lifetime, message));
        }
    }
    Ok(())
}
