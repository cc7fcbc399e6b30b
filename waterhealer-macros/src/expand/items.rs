//! The user's own items, as they are: node attributes taken off, carriers branded, nothing else touched.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::brand::brand_signature;
use crate::model::Pipeline;
use crate::parse::function::NodeFn;
use crate::parse::module::{Module, Piece};
use crate::symbol::clashes;

/// The module around `contents`, with the user's own braces.
pub(crate) fn expand_module(module: &Module, contents: &TokenStream) -> TokenStream {
    let Module {
        attributes,
        visibility,
        keyword,
        name,
        braces,
        ..
    } = module;
    let mut body = Group::new(Delimiter::Brace, contents.clone());
    body.set_span(braces.span());
    quote!(#(#attributes)* #visibility #keyword #name #body)
}

/// All items. One whose name is taken is kept where it does not clash: that it is taken has been said.
pub(crate) fn expand_items(pipeline: &Pipeline<'_>) -> TokenStream {
    let mut items = TokenStream::new();
    let mut names = Vec::new();
    for piece in &pipeline.module.pieces {
        match piece {
            Piece::Other(item) => match item
                .declares
                .iter()
                .any(|(keyword, name)| clashes(keyword, name))
            {
                true => items.extend(set_aside(&item.tokens)),
                false => items.extend(item.tokens.clone()),
            },
            Piece::Node(node) => {
                let (name, function) = (&node.signature.ident, expand_function(node));
                if node.signature.receiver().is_some() {
                    items.extend(set_aside_method(&function));
                } else if names.contains(&name) || clashes("fn", name) {
                    items.extend(set_aside(&function));
                } else {
                    items.extend(function);
                }
                names.push(name);
            }
        }
    }
    items
}

/// An item in a scope of its own, if it is a whole one.
fn set_aside(item: &TokenStream) -> TokenStream {
    match syn::parse2::<syn::Item>(item.clone()) {
        Ok(_) => quote!(#[allow(dead_code)] const _: () = { #item };),
        Err(_) => item.clone(),
    }
}

/// A node's function with `self` is a method of nobody's, rather than one more error of rustc's.
fn set_aside_method(function: &TokenStream) -> TokenStream {
    quote!(#[allow(dead_code)] const _: () = { struct Node; impl Node { #function } };)
}

/// A node's function. An unawaited future, or an unread answer of `send`, is an error in it.
fn expand_function(node: &NodeFn) -> TokenStream {
    let attributes = node.attributes.iter().map(|attribute| &attribute.tokens);
    let visibility = &node.visibility;
    let signature = brand_signature(&node.signature).into_token_stream();
    let body = &node.body;
    // Under the node attribute: rustc shows where a lint's level comes from.
    let span = node
        .attribute
        .segments
        .last()
        .map_or_else(Span::call_site, |word| word.ident.span());
    let deny = quote_spanned!(span=> #[deny(unused_must_use)]);
    quote!(#(#attributes)* #deny #visibility #signature #body)
}
