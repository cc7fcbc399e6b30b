//! Nodes beside the usual ones: the states of `#[accumulate]`, and the call of `#[healed]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::hygiene::{answer_span, at, local, located, own_name};
use super::spec::number;
use super::types::maker;
use crate::model::Pipeline;
use crate::model::kind::Kind;
use crate::model::node::Node;
use crate::symbol::hidden;

fn accumulating<'p, 'a>(pipeline: &'p Pipeline<'a>) -> Vec<&'p Node<'a>> {
    let nodes = pipeline.nodes.iter();
    nodes.filter(|node| node.kind == Kind::Accumulate).collect()
}

/// The functions in the user's module that make the first states.
pub(crate) fn expand_starts(pipeline: &Pipeline<'_>) -> TokenStream {
    let starts = accumulating(pipeline).into_iter().map(|node| {
        let (name, state) = (maker("start", node.name), node.state);
        let start = node.written.options.start.value();
        let alias = hidden("state", node.name);
        quote! {
            #[doc(hidden)] #[allow(non_camel_case_types)] type #alias = #state;
            #[doc(hidden)] fn #name() -> #alias { #start }
        }
    });
    quote!(#(#starts)*)
}

/// `struct States`, where there are any.
pub(crate) fn expand_states_type(pipeline: &Pipeline<'_>) -> Option<TokenStream> {
    let nodes = accumulating(pipeline);
    let names = nodes.iter().map(|node| own_name(node));
    let types = nodes.iter().map(|node| hidden("state", node.name));
    (!nodes.is_empty()).then(|| {
        quote! {
            /// What goes from call to call.
            struct States { #(#names: wh::State<super::#types>,)* }
        }
    })
}

/// The field of all states, at their start.
pub(crate) fn expand_new_states(pipeline: &Pipeline<'_>) -> Option<TokenStream> {
    let nodes = accumulating(pipeline);
    let new = nodes.iter().map(|node| {
        let (name, start) = (own_name(node), maker("start", node.name));
        quote!(#name: wh::State::new(super::#start()),)
    });
    let new: Vec<TokenStream> = new.collect();
    (!nodes.is_empty()).then(|| quote!(states: States { #(#new)* },))
}

/// The call of an `#[accumulate]` around `call`, which gives the next state or that and a value.
pub(crate) fn expand_accumulate(
    node: &Node<'_>,
    pipeline: &Pipeline<'_>,
    call: &TokenStream,
) -> TokenStream {
    let name = own_name(node);
    let pair = node.written.options.returns_state.given().is_some();
    // A state that a failed call has taken with it is needed again only if the pipeline goes on.
    let kept = node.answer.fallible && node.policy().goes_on();
    let span = answer_span(node, pipeline);
    let verb = match (pair, kept) {
        (false, false) => quote!(step),
        (false, true) => quote!(step_kept),
        (true, false) => quote!(step_apart),
        (true, true) => quote!(step_apart_kept),
    };
    // What does not fit the state is told at the answer.
    let alias = hidden("state", node.name);
    let next = local("next", pipeline);
    let placed = at(&next, span);
    let fits = quote_spanned!(span=> wh::edge::<_, super::#alias>(#placed));
    let outcome = match pair {
        false => quote!(#call.map(|#next| #fits)),
        true => quote!(#call.map(|(#next, given)| (#fits, given))),
    };
    // And so is what the call asks of the state.
    located(&quote!(self.states.#name.#verb(|state| #outcome)), span)
}

/// The method that calls every `#[healed]` function.
pub(crate) fn expand_healed(pipeline: &Pipeline<'_>) -> Option<TokenStream> {
    let nodes = pipeline.nodes.iter().enumerate();
    let calls = nodes.filter(|(_, node)| node.kind == Kind::Healed);
    let calls: Vec<TokenStream> = calls
        .map(|(index, node)| {
            let (at, name) = (number(index), own_name(node));
            let resources = node.resources.iter().filter_map(|used| used.name.as_ref());
            let resources = resources.map(|resource| quote!(, &self.resources.#resource));
            let span = answer_span(node, pipeline);
            let receipt = quote_spanned!(span=> wh::receipt(answer));
            quote! {
                if let Err(failure) = wh::guard(|| super::#name(offsets #(#resources)*)).and_then(|answer| #receipt) {
                    lane.failed_apart(#at, offsets, failure);
                }
            }
        })
        .collect();
    (!calls.is_empty()).then(|| {
        quote! {
            fn healed(&mut self, lane: &mut Lane, offsets: &[wh::Position]) { #(#calls)* }
        }
    })
}
