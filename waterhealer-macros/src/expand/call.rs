//! One call of a node's function, by how it takes its value and what it answers. What is done with the outcome is in
//! `deliver`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::given::expand_element_given;
use super::handling::judge;
use super::hygiene::{answer_span, at, input_span, local, own_name, stage_type};
use super::state::expand_accumulate;
use crate::model::Pipeline;
use crate::model::answer::Opaque;
use crate::model::input::Mode;
use crate::model::kind::Kind;
use crate::model::node::Node;

/// The call of a function that is not async: an expression of type `Result<V, wh::Failure>`.
pub(crate) fn expand_call(node: &Node<'_>, pipeline: &Pipeline<'_>) -> TokenStream {
    let holder = if borrows_from_graph(node) || node.blocking() {
        quote!(resources)
    } else {
        quote!(self.resources)
    };
    if node.input.mode.is_lent() {
        let sealed = expand_sealed(node, pipeline, &holder, &quote!());
        let lend = match (node.input.mode, node.blocking()) {
            (Mode::Batch, false) => quote!(lend_batch),
            (_, false) => quote!(lend),
            (Mode::Batch, true) => {
                return quote!(wh::lend_batch_later(value, &ticket, move |brand, carrier| #sealed));
            }
            (_, true) => {
                return quote!(wh::lend_later(value, &ticket, move |brand, carrier| #sealed));
            }
        };
        return quote!(wh::#lend(value, &ticket, |brand, carrier| #sealed));
    }
    let call = call(node, &plain_argument(node), &holder);
    // A value that is only lent is let go inside the guard as well: its `Drop` is the user's code.
    let lets_go = node.input.mode == Mode::Ref
        && !node.leaves_value()
        && node.answer.opaque != Opaque::Values
        && !matches!(node.kind, Kind::Source | Kind::Filter);
    let call = match lets_go {
        true => quote!({ let value = value; #call }),
        false => call,
    };
    let answer = local("answer", pipeline);
    let outcome =
        outcome(node, pipeline, &answer).map(|outcome| quote!(.and_then(|#answer| #outcome)));
    match (node.kind, node.answer.fallible) {
        (Kind::Accumulate, _) => {
            expand_accumulate(node, pipeline, &quote!(wh::guard(|| #call) #outcome))
        }
        (Kind::ForeachMap, _) => {
            let given = expand_element_given(node);
            quote!(wh::each_row(value, |value| {
                let given = #given;
                wh::told(&given, wh::guard(|| #call) #outcome)
            }))
        }
        (Kind::Filter, _) if node.leaves_value() => quote!(wh::guard(|| #call) #outcome),
        (Kind::Filter, false) => quote!(wh::guard(|| #call.then_some(value))),
        (Kind::Filter, true) => {
            quote!(wh::guard(|| #call.map(|keep| keep.then_some(value))) #outcome)
        }
        _ => quote!(wh::guard(|| #call) #outcome),
    }
}

/// Whether what the function answers may hold on to the resources: `impl Iterator` does, and the graph is needed meanwhile.
pub(crate) fn borrows_from_graph(node: &Node<'_>) -> bool {
    node.answer.opaque == Opaque::Values && !node.resources.is_empty()
}

/// The future of an async function's call: an expression of a future that yields `Result<V, wh::Failure>`.
pub(crate) fn expand_work(node: &Node<'_>, pipeline: &Pipeline<'_>) -> TokenStream {
    if node.input.mode.is_lent() {
        let stage = stage_type(node);
        let resources = (!node.resources.is_empty()).then(|| quote!({ resources }));
        let lend = match node.input.mode {
            Mode::Batch => quote!(lend_batch_async),
            _ => quote!(lend_async),
        };
        return quote!(wh::#lend(value, &ticket, #stage #resources));
    }
    if node.kind == Kind::ForeachAsync {
        return expand_together(node, pipeline);
    }
    let call = call(node, &plain_argument(node), &quote!(resources));
    let answer = local("answer", pipeline);
    let keep = (node.kind == Kind::Filter).then(|| match node.answer.fallible {
        false => quote!(.then_some(value)),
        true => quote!(.map(|keep| keep.then_some(value))),
    });
    let work = match outcome(node, pipeline, &answer) {
        None => quote!(Ok(#call.await #keep)),
        Some(outcome) => quote! {
            let #answer = #call.await #keep;
            #outcome
        },
    };
    let span = answer_span(node, pipeline);
    quote_spanned!(span=> async move { #work })
}

/// The calls for all elements of a value, awaited together.
fn expand_together(node: &Node<'_>, pipeline: &Pipeline<'_>) -> TokenStream {
    let call = call(node, &plain_argument(node), &quote!(resources));
    let answer = local("answer", pipeline);
    let outcome = match outcome(node, pipeline, &answer) {
        None => quote!(Ok(#call.await)),
        Some(outcome) => quote! {
            let #answer = #call.await;
            #outcome
        },
    };
    let shared =
        (!node.resources.is_empty()).then(|| quote!(let resources = wh::Arc::clone(&resources);));
    let span = answer_span(node, pipeline);
    let each = quote_spanned!(span=> async move { #outcome });
    let given = expand_element_given(node);
    quote! {
        wh::all_rows(value, move |value| {
            #shared
            (#given, #each)
        })
    }
}

/// The call with a carrier, sealed: an expression, or a block, of type `wh::Sealed<V>`.
pub(crate) fn expand_sealed(
    node: &Node<'_>,
    pipeline: &Pipeline<'_>,
    holder: &TokenStream,
    awaited: &TokenStream,
) -> TokenStream {
    let answer = local("answer", pipeline);
    // A type of the user's that is only called like ours is refused where it is written.
    let span = Span::call_site().located_at(input_span(node, pipeline));
    let carrier = Ident::new("carrier", span);
    if matches!(node.input.mode, Mode::Tracked | Mode::Batch) {
        let call = call(node, &quote!(#carrier), holder);
        let span = answer_span(node, pipeline);
        let placed = judged(node, at(&answer, span), span);
        let seal = match (node.kind, node.input.mode) {
            (Kind::Sink, Mode::Batch) => quote_spanned!(span=> seal_batch_done(#placed)),
            (_, Mode::Batch) => quote_spanned!(span=> seal_batch(#placed)),
            (Kind::Sink, _) => quote_spanned!(span=> seal_done(#placed)),
            _ => quote_spanned!(span=> seal(#placed)),
        };
        return quote!({
            let #answer = #call #awaited;
            brand.#seal
        });
    }
    let call = call(node, &quote_spanned!(span=> &#carrier), holder);
    let outcome = outcome(node, pipeline, &answer).unwrap_or_else(|| quote!(Ok(#answer)));
    let give = match node.kind {
        Kind::Filter => quote!(keep),
        _ => quote!(give),
    };
    quote!({
        let #answer = #call #awaited;
        brand.#give(#outcome, carrier)
    })
}

/// `super::price(value, &self.resources.rates)`, with `value` as the first argument and the resources found in `holder`.
fn call(node: &Node<'_>, value: &TokenStream, holder: &TokenStream) -> TokenStream {
    let name = own_name(node);
    let resources = node.resources.iter().filter_map(|used| used.name.as_ref());
    let resources = resources.map(|resource| quote!(, &#holder.#resource));
    quote!(super::#name(#value #(#resources)*))
}

/// What makes a `Result<V, wh::Failure>` of the function's own answer; `None` where the answer is a plain value.
fn outcome(node: &Node<'_>, pipeline: &Pipeline<'_>, answer: &Ident) -> Option<TokenStream> {
    let span = answer_span(node, pipeline);
    let placed = judged(node, at(answer, span), span);
    match (node.kind, node.answer.fallible) {
        (Kind::Sink, _) => Some(quote_spanned!(span=> wh::receipt(#placed))),
        (_, true) => Some(quote_spanned!(span=> wh::fallible(#placed))),
        (_, false) => None,
    }
}

/// The answer, its error judged where `retry(on = …)` asks for that.
fn judged(node: &Node<'_>, answer: Ident, span: Span) -> TokenStream {
    match node.retry().is_some_and(|retry| retry.on.is_some()) {
        true => {
            let judge = judge(node);
            quote_spanned!(span=> wh::judged(#answer, super::#judge))
        }
        false => answer.into_token_stream(),
    }
}

fn plain_argument(node: &Node<'_>) -> TokenStream {
    match (node.kind, node.input.mode) {
        (Kind::Source, _) => quote!(record),
        (Kind::Accumulate, Mode::Ref) => quote!(state, &value),
        (Kind::Accumulate, _) => quote!(state, value),
        (_, Mode::Ref) => quote!(&value),
        _ => quote!(value),
    }
}
