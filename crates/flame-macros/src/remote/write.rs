use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use crate::remote::function::Function;
use crate::remote::options::Options;

/// The function that makes the task, with the body and its registration inside.
pub(super) fn write(options: &Options, function: &Function) -> TokenStream {
    let library = &options.library;
    let attributes = &function.outer_attributes;
    let visibility = &function.visibility;
    let name = &function.name;
    let output = &function.output;
    let (generics, _, bounds) = function.generics.split_for_impl();
    let parameters = function.traveling().map(|parameter| {
        let (name, declared) = (&parameter.name, &parameter.declared.ty);
        quote!(#name: #declared)
    });

    let site = site(options, function);
    let checks = checks(options, function);
    let body = body(function);
    let run = run(function);
    let registration = registration(options, function);
    let task = task(options, function);
    quote! {
        #(#attributes)*
        #visibility fn #name #generics (#(#parameters),*) -> #library::Task<#output> #bounds {
            #site
            #checks
            #body
            #run
            #registration
            #task
        }
    }
}

/// Says where the function is written.
fn site(options: &Options, function: &Function) -> TokenStream {
    let library = &options.library;
    let name = function.name.to_string();
    let is_named = !function.is_generic();
    quote! {
        struct __Site;
        impl #library::__private::Site for __Site {
            const NAME: &'static str = ::core::concat!(::core::module_path!(), "::", #name);
            const AT: &'static str =
                ::core::concat!(::core::file!(), ":", ::core::line!(), ":", ::core::column!());
            const NAMED: bool = #is_named;
        }
    }
}

/// Checks each parameter where its type is written, before the rest can fail with a longer message.
fn checks(options: &Options, function: &Function) -> TokenStream {
    let library = &options.library;
    let checks = function.parameters.iter().map(|parameter| {
        let declared = &parameter.declared.ty;
        let span = declared.span();
        match parameter.wire_type() {
            Some(wire) => quote_spanned!(span=> #library::__private::type_travels::<#wire>();),
            None => quote_spanned!(span=> #library::__private::is_filled_in::<#declared>();),
        }
    });
    quote!(#(#checks)*)
}

/// The function as it was written, under another name.
fn body(function: &Function) -> TokenStream {
    let attributes = &function.inner_attributes;
    let asyncness = function.is_async.then(|| quote!(async));
    let (generics, _, bounds) = function.generics.split_for_impl();
    let parameters = function.parameters.iter().map(|one| &one.declared);
    let (output, block) = (&function.output, &function.block);
    quote! {
        #(#attributes)*
        // Arguments that travel are owned, and `async` says where it runs: neither is for a lint to judge.
        #[allow(clippy::needless_pass_by_value, clippy::unused_async)]
        #asyncness fn __body #generics (#(#parameters),*) -> #output #bounds #block
    }
}

/// The function as it is called: with the arguments that traveled, and with what is filled in.
fn run(function: &Function) -> TokenStream {
    let (generics, types, bounds) = function.generics.split_for_impl();
    let turbofish = types.as_turbofish();
    let output = &function.output;
    let names = function.traveling().map(|one| &one.name);
    let wire = function.traveling().map(|one| one.wire_type());
    let injected = function.injected().map(|one| &one.name);
    let injected_types = function.injected().map(|one| &one.declared.ty);
    let passed = function.parameters.iter().map(|one| one.passed());
    let call = quote!(__body #turbofish (#(#passed),*));
    let (output, call) = if function.is_async {
        let future = quote!(::core::future::Future<Output = #output> + ::core::marker::Send);
        (quote!(impl #future), quote!(async move { #call.await }))
    } else {
        (quote!(#output), call)
    };
    quote! {
        fn __run #generics (
            (#(#names,)*): (#(#wire,)*),
            (#(#injected,)*): (#(#injected_types,)*),
        ) -> #output #bounds {
            #call
        }
    }
}

/// A line in the table for a function that has a name; others register as they are called.
fn registration(options: &Options, function: &Function) -> TokenStream {
    if function.is_generic() {
        return TokenStream::new();
    }
    let library = &options.library;
    let describe = if function.is_async {
        quote!(describe_async)
    } else {
        quote!(describe_blocking)
    };
    let codec = codec(options, function);
    quote! {
        #[#library::__private::linkme::distributed_slice(#library::__private::NAMED)]
        #[linkme(crate = #library::__private::linkme)]
        static __ENTRY: #library::__private::Thunk =
            || #library::__private::#describe(__Site, __run, #codec);
    }
}

/// How the output travels: decided where its type is written, so that an error points there.
fn codec(options: &Options, function: &Function) -> TokenStream {
    let library = &options.library;
    let output = &function.output;
    let span = span_of_first(output);
    quote_spanned! {span=> {
        #[allow(unused_imports)]
        use #library::__private::{ViaAnyhow as _, ViaPlain as _};
        let output = #library::__private::Probe::<#output>::NEW;
        (&output).codec().check(&output)
    }}
}

/// Makes the task.
fn task(options: &Options, function: &Function) -> TokenStream {
    let library = &options.library;
    let (_, types, _) = function.generics.split_for_impl();
    let turbofish = types.as_turbofish();
    let values = function.traveling().map(|one| one.wire_value());
    let codec = codec(options, function);
    let draft = if function.is_async {
        quote!(draft_async)
    } else {
        quote!(draft_blocking)
    };
    let draft = quote! {
        #library::__private::#draft(__Site, (#(#values,)*), __run #turbofish).returning(#codec)
    };
    if function.is_generic() {
        quote! {
            // SAFETY: what the draft runs is a function, which captures nothing.
            unsafe { #library::__private::register(#draft) }
        }
    } else {
        quote!(#library::__private::named(#draft))
    }
}

/// Where a type starts: on stable Rust, the span of all of it may be no more than that.
fn span_of_first(tokens: &impl quote::ToTokens) -> Span {
    let first = tokens.to_token_stream().into_iter().next();
    first.map_or_else(Span::call_site, |token| token.span())
}
