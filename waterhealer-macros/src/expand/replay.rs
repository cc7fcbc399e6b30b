//! The method that calls one stage alone, with what a kept failure says it was given.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::call::{borrows_from_graph, expand_call, expand_work};
use super::hygiene::{answer_span, in_alias};
use super::spec::number;
use crate::model::Pipeline;
use crate::model::input::Mode;
use crate::model::kind::Kind;
use crate::model::node::Node;

/// The method of the graph's trait.
pub(crate) fn expand_replay(pipeline: &Pipeline<'_>) -> TokenStream {
    let nodes = pipeline.nodes.iter().enumerate();
    let nodes = nodes.filter(|(_, node)| node.kind != Kind::Healed);
    let arms = nodes.map(|(index, node)| {
        let (at, call) = (number(index), expand_again(node, pipeline));
        quote!(#at => { #call })
    });
    quote! {
        fn replay(&mut self, node: usize, replay: &mut wh::Replay) {
            match node { #(#arms)* _ => replay.cannot(), }
        }
    }
}

/// The call of one node, and what came of it.
fn expand_again(node: &Node<'_>, pipeline: &Pipeline<'_>) -> TokenStream {
    let show = quote!(|value, sheet| (&&&wh::Shown(value)).show(sheet));
    if node.kind == Kind::Source {
        let call = expand_call(node, pipeline);
        return quote!(replay.record(|record| wh::Replay::heard(#call, #show)););
    }
    let shared = (borrows_from_graph(node) || node.waits()) && !node.resources.is_empty();
    let resources = shared.then(|| quote!(let resources = wh::Arc::clone(&self.resources);));
    let each = matches!(node.kind, Kind::ForeachMap | Kind::ForeachAsync);
    let keeps = each.then(|| quote!(let keeps = false;));
    let (read, outcome) = (expand_read(node, each), expand_outcome(node, pipeline));
    let hear = match (node.kind, node.input.mode) {
        (Kind::FlatMap, _) => quote!(each),
        (_, Mode::Batch) => quote!(answered),
        _ if each => quote!(answered),
        _ => quote!(answer),
    };
    quote! {
        #read
        let ticket = replay.ticket();
        #resources
        #keeps
        let outcome = #outcome;
        replay.#hear(outcome, ticket, #show);
    }
}

/// `let value = …;`, or the end where it cannot be read.
fn expand_read(node: &Node<'_>, each: bool) -> TokenStream {
    let takes = in_alias(node);
    let reads = match each {
        false => quote!(super::#takes),
        true => quote!(<super::#takes as wh::Elements>::Item),
    };
    let only = each.then(|| quote!(let value = <super::#takes as wh::Elements>::only(value);));
    quote! {
        let Some(value) = replay.value(|text| (&&wh::Reads::<#reads>(wh::PhantomData)).read(text)) else {
            return;
        };
        #only
    }
}

/// The outcome of the call, once it is there.
fn expand_outcome(node: &Node<'_>, pipeline: &Pipeline<'_>) -> TokenStream {
    let outcome = match (node.asynchronous, node.blocking()) {
        (true, _) => {
            let work = expand_work(node, pipeline);
            quote!(replay.wait(#work))
        }
        (false, true) if node.input.mode.is_lent() => {
            let call = expand_call(node, pipeline);
            quote!((#call)())
        }
        _ => expand_call(node, pipeline),
    };
    match node.kind {
        Kind::FlatMap => {
            // What cannot be walked through is told once, as where the stage is called for records.
            let span = answer_span(node, pipeline);
            let each = quote_spanned!(span=> wh::Each::new);
            quote!(#outcome.map(#each))
        }
        // A filter that leaves its value says whether it goes on, others give it.
        Kind::Filter if !node.leaves_value() => quote!(#outcome.map(|kept| kept.is_some())),
        _ => outcome,
    }
}
