//! What becomes of a call's outcome: on to the next nodes and steps, to Kafka, or settled.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::given::expand_told_later;
use super::hygiene::{
    answer_span, in_alias, input_span, local, located, output_span, own_name, port_alias,
    port_method,
};
use super::spec::number;
use crate::model::Pipeline;
use crate::model::graph::Edge;
use crate::model::input::Mode;
use crate::model::kind::Kind;
use crate::model::shape::Shape;

/// The outcome of a call, noted where the node has a breaker and nobody else does: rows are counted where they are taken
/// apart, messages when the broker has answered.
pub(crate) fn expand_counted(
    pipeline: &Pipeline<'_>,
    index: usize,
    outcome: TokenStream,
) -> TokenStream {
    let node = &pipeline.nodes[index];
    let elsewhere = node.kind == Kind::KafkaSink || pipeline.counts_rows(index);
    match node.written.options.breaker.value() {
        Some(_) if !elsewhere => {
            let at = number(index);
            quote!(lane.counted(#at, #outcome))
        }
        _ => outcome,
    }
}

/// The arms of a `match` over a `Result<V, wh::Failure>`, with `lane` and `ticket` in scope.
pub(crate) fn expand_arms(pipeline: &Pipeline<'_>, index: usize) -> TokenStream {
    let at = number(index);
    let value = local("value", pipeline);
    let node = &pipeline.nodes[index];
    let success = match node.kind {
        Kind::Sink if node.flush.is_some() => expand_hold(pipeline, index),
        Kind::Sink if node.input.mode == Mode::Batch => {
            quote!(Ok(answered) => lane.batch_done(#at, answered, ticket),)
        }
        Kind::Sink => quote!(Ok(()) => lane.settle(ticket),),
        Kind::KafkaSink => expand_produce(pipeline, index),
        Kind::FlatMap => expand_each(pipeline, index),
        Kind::Filter => {
            let edges = expand_edges(pipeline, index, "ticket");
            quote! {
                Ok(Some(#value)) => { #edges }
                Ok(None) => lane.settle(ticket),
            }
        }
        Kind::Map | Kind::ForeachMap | Kind::ForeachAsync
            if pipeline.shape(index) == Shape::Rows =>
        {
            let edges = expand_edges(pipeline, index, "ticket");
            quote! {
                Ok(answered) => if let Some((#value, ticket)) = lane.batch(#at, answered, ticket) {
                    #edges
                },
            }
        }
        Kind::ForeachMap | Kind::ForeachAsync => {
            let edges = expand_edges(pipeline, index, "ticket");
            quote!(Ok(wh::Answered { value: #value, .. }) => { #edges })
        }
        Kind::Healed => quote!(Ok(()) => {}),
        Kind::Source
        | Kind::EmitSource
        | Kind::LineSource
        | Kind::FileSource
        | Kind::Map
        | Kind::Accumulate => {
            let edges = expand_edges(pipeline, index, "ticket");
            quote!(Ok(#value) => { #edges })
        }
    };
    quote! {
        #success
        Err(failure) => lane.failed(#at, ticket, failure),
    }
}

/// What a sink that buffers has answered for is finished once it has been flushed.
fn expand_hold(pipeline: &Pipeline<'_>, index: usize) -> TokenStream {
    let node = &pipeline.nodes[index];
    let (at, name) = (number(index), own_name(node));
    match node.input.mode {
        Mode::Batch => quote! {
            Ok(answered) => {
                let ticket = lane.batch_held(#at, answered, ticket);
                self.flushes.#name.hold(ticket);
            }
        },
        _ => quote!(Ok(()) => self.flushes.#name.hold(ticket),),
    }
}

fn expand_produce(pipeline: &Pipeline<'_>, index: usize) -> TokenStream {
    let at = number(index);
    let node = &pipeline.nodes[index];
    let topic = node
        .topics()
        .into_iter()
        .next()
        .map(syn::LitStr::value)
        .unwrap_or_default();
    let message = local("message", pipeline);
    let span = answer_span(node, pipeline);
    let (produce, placed) = (Ident::new("produce", span), Ident::new("message", span));
    quote!(Ok(#message) => lane.#produce(#at, #topic, #placed, ticket),)
}

/// Each of several values goes on with a share of the record; the record's own share ends here.
fn expand_each(pipeline: &Pipeline<'_>, index: usize) -> TokenStream {
    let at = number(index);
    let values = local("values", pipeline);
    let span = answer_span(&pipeline.nodes[index], pipeline);
    let each = quote_spanned!(span=> wh::Each::new(values));
    let next = quote_spanned!(span=> values.next());
    let failure = expand_told_later(&pipeline.nodes[index]);
    let body = expand_walk(pipeline, index, &at, &values, &each, &next, &failure);
    quote!(Ok(#values) => { #body })
}

/// As `expand_each`, for the elements of a value.
pub(crate) fn expand_each_of(
    pipeline: &Pipeline<'_>,
    vertex: usize,
    at: &Literal,
    values: &Ident,
    each: &TokenStream,
    span: Span,
) -> TokenStream {
    let next = located(&quote!(#values.next()), span);
    let failure = quote!(failure);
    expand_walk(pipeline, vertex, at, values, each, &next, &failure)
}

fn expand_walk(
    pipeline: &Pipeline<'_>,
    vertex: usize,
    at: &Literal,
    values: &Ident,
    each: &TokenStream,
    next: &TokenStream,
    failure: &TokenStream,
) -> TokenStream {
    let value = local("value", pipeline);
    let edges = expand_edges(pipeline, vertex, "share");
    quote! {
        let mut #values = #each;
        while let Some(next) = #next {
            match next {
                Ok(#value) => {
                    let share = lane.split(&ticket);
                    #edges
                }
                Err(failure) => return lane.failed(#at, ticket, #failure),
            }
        }
        lane.settle(ticket)
    }
}

/// Hands `value` and the ticket on to everything that takes it: clones with shares of the record, then the original.
pub(crate) fn expand_edges(pipeline: &Pipeline<'_>, vertex: usize, ticket: &str) -> TokenStream {
    let ticket = Ident::new(ticket, Span::call_site());
    let at = number(vertex);
    let mut outputs: Vec<&Edge<'_>> = pipeline.graph.out_of(vertex).collect();
    let Some(last) = outputs.pop() else {
        // Refused: such a node is unreached.
        return quote!(lane.settle(#ticket));
    };
    let last = expand_edge(pipeline, last, &ticket);
    let value = local("value", pipeline);
    let span = match (pipeline.node(vertex), pipeline.graph.step(vertex)) {
        (Some(node), _) => output_span(node, pipeline),
        (None, Some(step)) => step.at.span().resolved_at(pipeline.anchor()),
        (None, None) => Span::call_site(),
    };
    let legible = expand_legible(pipeline, vertex, span);
    let gives = quote! {
        #legible
        lane.gives(#at, &#ticket, |sheet| (&&&wh::Shown(&#value)).show(sheet));
    };
    if outputs.is_empty() {
        return quote!(#gives #last);
    }
    let fork = pipeline
        .forks()
        .contains(&vertex)
        .then(|| quote!(let #ticket = lane.fork(#ticket);));
    let fan_out = Ident::new("fan_out", span);
    let placed = super::hygiene::at(&value, span.resolved_at(pipeline.anchor()));
    let placed = quote_spanned!(span=> &#placed);
    let clones = outputs.into_iter().map(|output| {
        let edge = expand_edge(pipeline, output, &ticket);
        quote! {
            if let Some((#value, #ticket)) = lane.#fan_out(#at, #placed, &#ticket) {
                #edge;
            }
        }
    });
    quote!(#gives #fork #(#clones)* #last)
}

/// What a sink with a checkpoint does first: the value that it is given is kept.
pub(crate) fn expand_taken(pipeline: &Pipeline<'_>, index: usize) -> Option<TokenStream> {
    let node = &pipeline.nodes[index];
    let kept = !node.kind.gives() && pipeline.has_checkpoint(index);
    kept.then(|| {
        let at = number(index);
        let legible = expand_legible(pipeline, index, input_span(node, pipeline));
        quote! {
            #legible
            lane.takes(#at, &ticket, |sheet| (&&&wh::Shown(&value)).show(sheet));
        }
    })
}

/// A checkpoint asks for a value that can be written down: the error, if it cannot, stands where its type does.
fn expand_legible(pipeline: &Pipeline<'_>, vertex: usize, span: Span) -> Option<TokenStream> {
    pipeline.has_checkpoint(vertex).then(|| {
        let value = local("value", pipeline);
        let placed = super::hygiene::at(&value, span.resolved_at(pipeline.anchor()));
        let placed = quote_spanned!(span=> &#placed);
        quote!(wh::legible(#placed, (&&&wh::Shown(&#value)).form());)
    })
}

/// One edge. The types of its ends are compared at the type of the parameter that takes the value; in front of a step, at
/// the name in `from`.
fn expand_edge(pipeline: &Pipeline<'_>, edge: &Edge<'_>, ticket: &Ident) -> TokenStream {
    let Some(step) = pipeline.graph.step(edge.to) else {
        let to = &pipeline.nodes[edge.to];
        let (name, takes, span) = (own_name(to), in_alias(to), input_span(to, pipeline));
        let handed = expand_handed(pipeline, edge, &takes, span);
        return quote!(self.#name(lane, #handed, #ticket));
    };
    if !step.is_called() {
        // It says how values wait at the next one, and lets them pass.
        let next = pipeline.graph.out_of(edge.to).next();
        return next.map_or_else(
            || quote!(lane.settle(#ticket)),
            |next| expand_edge(pipeline, next, ticket),
        );
    }
    let (name, takes) = (
        port_method(step, edge.port, pipeline),
        port_alias(step, edge.port),
    );
    let span = edge.at.span().resolved_at(pipeline.anchor());
    let handed = expand_handed(pipeline, edge, &takes, span);
    quote!(self.#name(lane, #handed, #ticket))
}

/// `value`, as what its end takes; the rows of a batch as a plain list where nobody asks for their offsets.
fn expand_handed(
    pipeline: &Pipeline<'_>,
    edge: &Edge<'_>,
    takes: &Ident,
    span: Span,
) -> TokenStream {
    let value = super::hygiene::at(&local("value", pipeline), span);
    let rows = pipeline.shape(edge.from) == Shape::Rows;
    match (rows, pipeline.takes_rows(edge.to)) {
        (true, true) => {
            quote_spanned!(span=> wh::edge_rows::<_, <super::#takes as wh::Batched>::Row>(#value))
        }
        (true, false) => quote_spanned!(span=> wh::edge::<_, super::#takes>(#value.into_values())),
        (false, _) => quote_spanned!(span=> wh::edge::<_, super::#takes>(#value)),
    }
}
