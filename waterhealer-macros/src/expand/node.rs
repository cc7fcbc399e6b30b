//! The methods of one node: one where its function answers at once, three where it may wait.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::call::{borrows_from_graph, expand_call, expand_work};
use super::deliver::{expand_arms, expand_counted};
use super::hygiene::{answer_span, in_alias, local, method, out_alias, own_name};
use super::spec::number;
use crate::model::Pipeline;
use crate::model::kind::Kind;
use crate::model::node::Node;

/// All methods of the node.
pub(crate) fn expand_methods(pipeline: &Pipeline<'_>, index: usize) -> TokenStream {
    match pipeline.nodes[index].asynchronous {
        false => expand_direct(pipeline, index),
        true => expand_waiting(pipeline, index),
    }
}

/// A function that answers at once.
fn expand_direct(pipeline: &Pipeline<'_>, index: usize) -> TokenStream {
    let node = &pipeline.nodes[index];
    let (doc, name) = (doc(node), own_name(node));
    let value = match node.kind {
        Kind::Source => quote!(record: &wh::Record<'_>),
        _ => {
            let takes = in_alias(node);
            quote!(value: super::#takes)
        }
    };
    let resources = borrows_from_graph(node).then(clone_resources);
    let call = expand_counted(pipeline, index, expand_call(node, pipeline));
    let arms = expand_arms(pipeline, index);
    quote! {
        #[doc = #doc]
        #[inline]
        fn #name(&mut self, lane: &mut Lane, #value, ticket: wh::Ticket) {
            #resources
            match #call { #arms }
        }
    }
}

/// A function that may wait: its value enters by the gate, its call is started, its outcome is taken up here or comes back
/// as a completion.
fn expand_waiting(pipeline: &Pipeline<'_>, index: usize) -> TokenStream {
    let node = &pipeline.nodes[index];
    let at = number(index);
    let (doc, name, takes, yields) = (doc(node), own_name(node), in_alias(node), out_alias(node));
    let start = method("start", node, pipeline);
    let finish = method("finish", node, pipeline);
    let resources = (!node.resources.is_empty()).then(clone_resources);
    let work = expand_work(node, pipeline);
    let variable = local("work", pipeline);
    let span = answer_span(node, pipeline);
    let (started, placed) = (Ident::new("start", span), Ident::new("work", span));
    let arms = expand_arms(pipeline, index);
    let outcome = expand_counted(pipeline, index, quote!(outcome));
    quote! {
        #[doc = #doc]
        #[inline]
        fn #name(&mut self, lane: &mut Lane, value: super::#takes, ticket: wh::Ticket) {
            if let Some((value, ticket)) = self.gates.#name.admit(lane, value, ticket) {
                self.#start(lane, value, ticket);
            }
        }

        #[inline]
        fn #start(&mut self, lane: &mut Lane, value: super::#takes, ticket: wh::Ticket) {
            #resources
            let #variable = #work;
            if let Some((outcome, ticket)) = lane.#started(#at, #placed, ticket, Completion::#name) {
                self.#finish(lane, outcome, ticket);
            }
        }

        #[inline]
        fn #finish(&mut self, lane: &mut Lane, outcome: Result<super::#yields, wh::Failure>, ticket: wh::Ticket) {
            self.gates.#name.leave();
            match #outcome { #arms }
        }
    }
}

fn clone_resources() -> TokenStream {
    quote!(let resources = wh::Arc::clone(&self.resources);)
}

/// Which node a method is: its attribute and its name.
fn doc(node: &Node<'_>) -> String {
    let asynchronous = if node.asynchronous { "async " } else { "" };
    format!(
        " `#[{}] {asynchronous}fn {}`",
        node.written.word.text(),
        node.name
    )
}
