//! The macros of waterhealer. Use them through the `waterhealer` crate, whose guide describes them.
//!
//! `symbol message diag suggest` → `parse` → `model` → `check` | `expand`: tokens become what was written, that becomes what
//! was meant, the rules look at it, and code is generated from it. All mistakes are told in one run, and the user's own items
//! are emitted again whatever was wrong.

mod check;
mod diag;
mod expand;
mod message;
mod model;
mod parse;
mod suggest;
mod symbol;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;
use proc_macro2::{Span, TokenStream as Tokens};
use quote::quote;

use diag::Diagnostics;
use symbol::Word;

/// Makes a pipeline of the functions in a module.
#[proc_macro_attribute]
pub fn pipeline(options: TokenStream, item: TokenStream) -> TokenStream {
    pipeline_tokens(options.into(), &item.into()).into()
}

/// A function that makes a value of each record, or of each value given by hand.
#[proc_macro_attribute]
pub fn source(_options: TokenStream, item: TokenStream) -> TokenStream {
    outside(Word::Source, item)
}

/// A function that makes one value of each.
#[proc_macro_attribute]
pub fn map(_options: TokenStream, item: TokenStream) -> TokenStream {
    outside(Word::Map, item)
}

/// A function that lets values through or finishes their records.
#[proc_macro_attribute]
pub fn filter(_options: TokenStream, item: TokenStream) -> TokenStream {
    outside(Word::Filter, item)
}

/// A function that makes any number of values of each.
#[proc_macro_attribute]
pub fn flat_map(_options: TokenStream, item: TokenStream) -> TokenStream {
    outside(Word::FlatMap, item)
}

/// A function at which records are finished.
#[proc_macro_attribute]
pub fn sink(_options: TokenStream, item: TokenStream) -> TokenStream {
    outside(Word::Sink, item)
}

/// The catalogue of messages as `&[(code, headline, why, instead)]`, for `explain`.
#[doc(hidden)]
#[proc_macro]
pub fn catalogue(_input: TokenStream) -> TokenStream {
    let rows = message::every().map(|message| {
        let message::Message {
            code,
            headline,
            why,
            instead,
        } = message;
        quote!((#code, #headline, #why, #instead))
    });
    quote!(&[#(#rows),*]).into()
}

/// `#[pipeline]` on tokens that need no compiler around them.
fn pipeline_tokens(options: Tokens, item: &Tokens) -> Tokens {
    let diag = Diagnostics::new();
    let options = parse::pipeline::parse_pipeline_options(options, &diag);
    let module = parse::module::parse_module(item, &diag);
    let Some(module) = module else {
        let errors = diag.finish().err().map(syn::Error::into_compile_error);
        return quote!(#errors #item);
    };
    let pipeline = model::lower_pipeline(&module, &options);
    check::check_pipeline(&pipeline, &diag);
    match diag.finish() {
        Ok(()) => expand::expand_pipeline(&pipeline),
        Err(errors) => {
            let errors = errors.into_compile_error();
            let items = expand::expand_fallback(&pipeline);
            quote!(#errors #items)
        }
    }
}

/// A node attribute that no `#[pipeline]` has taken off.
fn outside(word: Word, item: TokenStream) -> TokenStream {
    let text = message::place::OUTSIDE.render(&[("word", &word.text())]);
    let error = syn::Error::new(Span::call_site(), text).into_compile_error();
    let item: Tokens = item.into();
    quote!(#error #item).into()
}
