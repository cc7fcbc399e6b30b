//! What becomes of a call's outcome: on to the next nodes, to Kafka, or settled.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::hygiene::{answer_span, in_alias, input_span, local, output_span, own_name};
use super::spec::number;
use crate::model::Pipeline;
use crate::model::kind::Kind;
use crate::model::node::Node;

/// The arms of a `match` over a `Result<V, wh::Failure>`, with `lane` and `ticket` in scope.
pub(crate) fn expand_arms(pipeline: &Pipeline<'_>, index: usize) -> TokenStream {
    let at = number(index);
    let value = local("value", pipeline);
    let success = match pipeline.nodes[index].kind {
        Kind::Sink => quote!(Ok(()) => lane.settle(ticket),),
        Kind::KafkaSink => expand_produce(pipeline, index),
        Kind::FlatMap => expand_each(pipeline, index),
        Kind::Filter => {
            let edges = expand_edges(pipeline, index, "ticket");
            quote! {
                Ok(Some(#value)) => #edges,
                Ok(None) => lane.settle(ticket),
            }
        }
        Kind::Source | Kind::EmitSource | Kind::Map => {
            let edges = expand_edges(pipeline, index, "ticket");
            quote!(Ok(#value) => #edges,)
        }
    };
    quote! {
        #success
        Err(failure) => lane.failed(#at, ticket, failure),
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
    let edges = expand_edges(pipeline, index, "share");
    let (value, values) = (local("value", pipeline), local("values", pipeline));
    let span = answer_span(&pipeline.nodes[index], pipeline);
    let each = quote_spanned!(span=> wh::Each::new(values));
    let next = quote_spanned!(span=> values.next());
    quote! {
        Ok(#values) => {
            let mut #values = #each;
            while let Some(next) = #next {
                match next {
                    Ok(#value) => {
                        let share = lane.split(&ticket);
                        #edges
                    }
                    Err(failure) => return lane.failed(#at, ticket, failure),
                }
            }
            lane.settle(ticket)
        }
    }
}

/// Hands `value` and the ticket on to every node that takes it: clones with shares of the record, then the original.
fn expand_edges(pipeline: &Pipeline<'_>, index: usize, ticket: &str) -> TokenStream {
    let ticket = Ident::new(ticket, Span::call_site());
    let at = number(index);
    let mut outputs: Vec<&Node<'_>> = pipeline.outputs(index).collect();
    let Some(last) = outputs.pop() else {
        // Refused: such a node is unreached.
        return quote!(lane.settle(#ticket));
    };
    let last = expand_edge(pipeline, last, &ticket);
    if outputs.is_empty() {
        return last;
    }
    let value = local("value", pipeline);
    let span = output_span(&pipeline.nodes[index], pipeline);
    let (fan_out, placed) = (Ident::new("fan_out", span), quote_spanned!(span=> &value));
    let clones = outputs.into_iter().map(|output| {
        let edge = expand_edge(pipeline, output, &ticket);
        quote! {
            if let Some((#value, #ticket)) = lane.#fan_out(#at, #placed, &#ticket) {
                #edge;
            }
        }
    });
    quote!({ #(#clones)* #last })
}

/// One edge. The types of its ends are compared at the type of the parameter that takes the value.
fn expand_edge(pipeline: &Pipeline<'_>, to: &Node<'_>, ticket: &Ident) -> TokenStream {
    let name = own_name(to);
    let span = input_span(to, pipeline);
    let takes = in_alias(to);
    let edge = quote_spanned!(span=> wh::edge::<_, super::#takes>(value));
    quote!(self.#name(lane, #edge, #ticket))
}
