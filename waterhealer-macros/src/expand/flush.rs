//! The methods by which the lane has sinks write what they have buffered.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::hygiene::{local, method, own_name};
use super::spec::number;
use crate::model::Pipeline;
use crate::model::flush::Flush;
use crate::model::node::Node;

pub(super) fn buffering<'p, 'a>(
    pipeline: &'p Pipeline<'a>,
) -> Vec<(usize, &'p Node<'a>, &'p Flush)> {
    let nodes = pipeline.nodes.iter().enumerate();
    nodes
        .filter_map(|(index, node)| Some((index, node, node.flush.as_ref()?)))
        .collect()
}

/// The method of a flush, and the variant of what it answers later.
fn flush_of(node: &Node<'_>, pipeline: &Pipeline<'_>) -> Ident {
    method("flush", node, pipeline)
}

/// `struct Flushes`, where there are any.
pub(crate) fn expand_flushes_type(pipeline: &Pipeline<'_>) -> Option<TokenStream> {
    let nodes = buffering(pipeline);
    let names = nodes.iter().map(|(_, node, _)| own_name(node));
    (!nodes.is_empty()).then(|| {
        quote! {
            /// What sinks have answered for and not written yet.
            struct Flushes { #(#names: wh::Flush,)* }
        }
    })
}

/// The field of all flushes, made new.
pub(crate) fn expand_new_flushes(pipeline: &Pipeline<'_>) -> Option<TokenStream> {
    let nodes = buffering(pipeline);
    let new = nodes.iter().map(|(index, node, _)| {
        let (name, index) = (own_name(node), number(*index));
        quote!(#name: wh::Flush::new(&SPEC, #index),)
    });
    let new: Vec<TokenStream> = new.collect();
    (!nodes.is_empty()).then(|| quote!(flushes: Flushes { #(#new)* },))
}

/// The variants of `Completion` for flushes that wait.
pub(crate) fn expand_flush_variants(pipeline: &Pipeline<'_>) -> TokenStream {
    let nodes = buffering(pipeline).into_iter();
    let waiting = nodes.filter(|(.., flush)| flush.asynchronous);
    let variants = waiting.map(|(_, node, _)| flush_of(node, pipeline));
    quote!(#(#variants(wh::Pass, Result<(), wh::Failure>),)*)
}

/// The arms for them.
pub(crate) fn expand_flushed_arms(pipeline: &Pipeline<'_>) -> Vec<TokenStream> {
    let nodes = buffering(pipeline).into_iter();
    let waiting = nodes.filter(|(.., flush)| flush.asynchronous);
    let arms = waiting.map(|(_, node, _)| {
        let (variant, name) = (flush_of(node, pipeline), own_name(node));
        quote!(Completion::#variant(pass, outcome) => self.flushes.#name.hear(lane, pass, outcome, ticket),)
    });
    arms.collect()
}

/// One method a flush: it is called, and its outcome taken up or waited for.
pub(crate) fn expand_flush_methods(pipeline: &Pipeline<'_>) -> TokenStream {
    let methods = buffering(pipeline).into_iter().map(|(index, node, flush)| {
        let (name, method) = (own_name(node), flush_of(node, pipeline));
        let doc = format!(" `fn {}`: what `{}` has buffered", flush.name, node.name);
        let body = expand_body(pipeline, index, &name, &method, flush);
        quote! {
            #[doc = #doc]
            fn #method(&mut self, lane: &mut Lane, ticket: wh::Ticket, pass: wh::Pass) { #body }
        }
    });
    quote!(#(#methods)*)
}

fn expand_body(
    pipeline: &Pipeline<'_>,
    index: usize,
    name: &Ident,
    method: &Ident,
    flush: &Flush,
) -> TokenStream {
    let index = number(index);
    let resources = flush.resources.iter().filter_map(|used| used.name.as_ref());
    let resources: Vec<&Ident> = resources.collect();
    let function = &flush.name;
    // What it answers is told at its name.
    let span = function.span().resolved_at(pipeline.anchor());
    let answer = local("answer", pipeline);
    let placed = super::hygiene::at(&answer, span);
    let receipt = quote_spanned!(span=> wh::receipt(#placed));
    if !flush.asynchronous {
        return quote! {
            let outcome = wh::guard(|| super::#function(#(&self.resources.#resources),*))
                .and_then(|#answer| #receipt);
            self.flushes.#name.hear(lane, pass, outcome, ticket);
        };
    }
    let shared =
        (!resources.is_empty()).then(|| quote!(let resources = wh::Arc::clone(&self.resources);));
    let started = Ident::new("start", span);
    let work = Ident::new("work", Span::call_site().located_at(span));
    quote! {
        #shared
        let #work = async move {
            let #answer = super::#function(#(&resources.#resources),*).await;
            #receipt
        };
        let completion = move |outcome| Completion::#method(pass, outcome);
        if let Some((outcome, ticket)) = lane.#started(#index, #work, (), ticket, completion) {
            self.flushes.#name.hear(lane, pass, outcome, ticket);
        }
    }
}

/// The method of the graph's trait by which all are begun.
pub(crate) fn expand_flush(pipeline: &Pipeline<'_>) -> Option<TokenStream> {
    let begin = expand_each(pipeline, "begin");
    (!begin.is_empty()).then(|| {
        quote! {
            const BUFFERS: bool = true;

            fn flush(&mut self, lane: &mut Lane) { #(#begin)* }
        }
    })
}

/// Calls those again that are to be, once it is time.
pub(crate) fn expand_flush_due(pipeline: &Pipeline<'_>) -> Vec<TokenStream> {
    expand_each(pipeline, "next")
}

fn expand_each(pipeline: &Pipeline<'_>, verb: &str) -> Vec<TokenStream> {
    let verb = format_ident!("{verb}");
    let nodes = buffering(pipeline).into_iter();
    let each = nodes.map(|(_, node, _)| {
        let (name, method) = (own_name(node), flush_of(node, pipeline));
        quote! {
            if let Some((ticket, pass)) = self.flushes.#name.#verb(lane) {
                self.#method(lane, ticket, pass);
            }
        }
    });
    each.collect()
}

/// What all of them do when partitions are given up, or the end has come.
pub(crate) fn expand_flush_let_go(pipeline: &Pipeline<'_>, verb: &str) -> Vec<TokenStream> {
    let verb = format_ident!("{verb}");
    let nodes = buffering(pipeline).into_iter();
    let each = nodes.map(|(_, node, _)| {
        let name = own_name(node);
        quote!(self.flushes.#name.#verb(lane);)
    });
    each.collect()
}
