//! What is emitted when there are mistakes: the user's items untouched, and as much of the surface as can be named, so that
//! no error of ours is followed by one about a `main` that is not found. It compiles where the user's items do; it never runs.

use proc_macro2::TokenStream;
use quote::quote;

use super::graph::{associated, expand_child, is_name};
use super::items::{expand_items, expand_module};
use super::surface::{expand_emit_aliases, expand_surface};
use crate::model::node::Node;
use crate::model::{Pipeline, types};
use crate::symbol::clashes;

/// The module, without a working graph.
pub(crate) fn expand_fallback(pipeline: &Pipeline<'_>) -> TokenStream {
    let items = expand_items(pipeline);
    let aliases = expand_emit_aliases(pipeline);
    let surface = expand_surface(pipeline);
    let hidden = expand_hidden(pipeline);
    expand_module(pipeline.module, &quote!(#items #aliases #surface #hidden))
}

/// A graph that can be named and not run.
fn expand_hidden(pipeline: &Pipeline<'_>) -> TokenStream {
    let (resources, emitted) = associated(pipeline);
    let references = expand_references(pipeline);
    expand_child(&quote! {
        type Lane = wh::Lane<wh::NoEmit>;
        pub enum Graph {}

        impl wh::Graph for Graph {
            type Resources = #resources;
            type Emitted = #emitted;
            type Completion = wh::NoEmit;

            fn spec() -> &'static wh::Spec { loop {} }
            fn new(_: wh::Arc<Self::Resources>) -> Self { loop {} }
            fn record(&mut self, _: &mut Lane, _: usize, _: &wh::Record<'_>, _: wh::Ticket) {}
            fn emitted(&mut self, _: &mut Lane, _: Self::Emitted, _: wh::Ticket) {}
            fn completed(&mut self, _: &mut Lane, _: wh::NoEmit, _: wh::Ticket) {}
        }

        #references
    })
}

/// All functions, so that none seems unused, and those that `from` names, so that an editor knows what the words mean.
fn expand_references(pipeline: &Pipeline<'_>) -> TokenStream {
    let nameable = || {
        let nodes = pipeline.nodes.iter().filter(|node| is_nameable(node));
        nodes.map(|node| node.name)
    };
    let edges = pipeline.graph.edges.iter();
    let words = edges
        .filter(|edge| is_name(pipeline, edge))
        .map(|edge| edge.at);
    let words = words.filter(|word| nameable().any(|name| name == *word));
    let names = nameable().chain(words);
    quote!(const _: () = { #(let _ = super::#names;)* };)
}

/// Whether the function is there and can be named without saying for which types.
fn is_nameable(node: &Node<'_>) -> bool {
    let signature = &node.written.signature;
    let opaque = signature.inputs.iter().any(|argument| match argument {
        syn::FnArg::Typed(parameter) => types::has_impl(&parameter.ty),
        syn::FnArg::Receiver(_) => true,
    });
    let plain = signature.generics.params.is_empty() && !opaque;
    plain && !clashes("fn", node.name) && !node.written.is_conditional()
}
