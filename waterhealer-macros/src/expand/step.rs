//! Steps: the operators between nodes. One method for each input, and one for what comes out. Their state machines are in
//! `machine`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::deliver::{expand_each_of, expand_edges};
use super::hygiene::{after_method, local, located, op_alias, port_alias, port_method};
use super::spec::number;
use crate::model::Pipeline;
use crate::model::settings::{Setting, Slot};
use crate::model::shape::Shape;
use crate::model::step::Step;
use crate::operator::Gives;

/// All methods of the steps.
pub(crate) fn expand_step_methods(pipeline: &Pipeline<'_>) -> TokenStream {
    let steps = pipeline
        .graph
        .vertices()
        .filter(|(_, step)| step.is_called());
    let methods = steps.map(|(vertex, step)| match (step.has_state(), step.gives()) {
        (true, _) => expand_machine(pipeline, vertex, step),
        (false, Gives::Elements) => expand_flatten(pipeline, vertex, step),
        (false, Gives::Tuple) => expand_beside(pipeline, vertex, step),
        _ => expand_pluck(pipeline, vertex, step),
    });
    quote!(#(#methods)*)
}

/// Values go in at one of its inputs; what is ready goes on.
fn expand_machine(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>) -> TokenStream {
    let (at, name) = (number(vertex), &step.ident);
    let after = after_method(step, pipeline);
    let inputs = (0..step.inputs()).map(|port| {
        let (takes, method) = (port_alias(step, port), port_method(step, port, pipeline));
        let doc = match step.inputs() {
            1 => format!(" `{}`", step.label),
            _ => format!(" Input {port} of `{}`", step.label),
        };
        let port = number(port);
        quote! {
            #[doc = #doc]
            fn #method(&mut self, lane: &mut Lane, value: super::#takes, ticket: wh::Ticket) {
                if let Some((value, ticket)) = lane.push::<#port, _>(#at, &mut self.steps.#name, value, ticket) {
                    self.#after(lane, value, ticket);
                }
            }
        }
    });
    let doc = format!(" What `{}` gives.", step.label);
    let operator = op_alias(step);
    let value = local("value", pipeline);
    let literals = expand_template(pipeline, step);
    let edges = expand_edges(pipeline, vertex, "ticket");
    quote! {
        #(#inputs)*

        #[doc = #doc]
        fn #after(&mut self, lane: &mut Lane, #value: <super::#operator as wh::Operator>::Out, ticket: wh::Ticket) {
            #literals
            #edges
        }
    }
}

/// Puts the literals of a join between its inputs.
fn expand_template(pipeline: &Pipeline<'_>, step: &Step<'_>) -> Option<TokenStream> {
    let slots = &step.settings.slots;
    let literals = slots.iter().any(|slot| matches!(slot, Slot::Literal(_)));
    let value = local("value", pipeline);
    let mut port = 0;
    let others = slots.iter().map(|slot| match slot {
        Slot::Node(_) => {
            port += 1;
            let index = syn::Index::from(port);
            quote!(#value.#index)
        }
        Slot::Literal(literal) => quote!(#literal),
    });
    let others: Vec<TokenStream> = others.collect();
    literals.then(|| quote!(let #value = (#value.0, #(#others),*);))
}

/// A zip with literals alone.
fn expand_beside(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>) -> TokenStream {
    let (takes, name) = (port_alias(step, 0), &step.ident);
    let doc = format!(" `{}`", step.label);
    let value = local("value", pipeline);
    let literals = step.settings.slots.iter().filter_map(|slot| match slot {
        Slot::Literal(literal) => Some(literal),
        Slot::Node(_) => None,
    });
    let edges = expand_edges(pipeline, vertex, "ticket");
    quote! {
        #[doc = #doc]
        fn #name(&mut self, lane: &mut Lane, #value: super::#takes, ticket: wh::Ticket) {
            let #value = (#value, #(#literals),*);
            #edges
        }
    }
}

/// The rows of a batch with their own tickets, or the elements of a collection with shares of its record.
fn expand_flatten(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>) -> TokenStream {
    let (at, takes, name) = (number(vertex), port_alias(step, 0), &step.ident);
    let doc = format!(" `{}`", step.label);
    let value = local("value", pipeline);
    let from = pipeline.graph.leading_to(vertex, 0).next();
    let rows = from.is_some_and(|edge| pipeline.shape(edge.from) == Shape::Rows);
    let body = match rows {
        true => {
            let edges = expand_edges(pipeline, vertex, "ticket");
            quote! {
                for (#value, ticket) in lane.unbind(#value, ticket) {
                    #edges
                }
            }
        }
        false => {
            let values = local("values", pipeline);
            let placed = super::hygiene::at(&value, step.at.span().resolved_at(pipeline.anchor()));
            let each = located(&quote!(wh::Each::new(#placed)), step.at.span());
            expand_each_of(pipeline, vertex, &at, &values, &each, step.at.span())
        }
    };
    quote! {
        #[doc = #doc]
        fn #name(&mut self, lane: &mut Lane, #value: super::#takes, ticket: wh::Ticket) {
            #body
        }
    }
}

/// A field of the value, or several as a tuple. The rest of the value is let go, which may run the user's code.
fn expand_pluck(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>) -> TokenStream {
    let (at, takes, name) = (number(vertex), port_alias(step, 0), &step.ident);
    let doc = format!(" `{}`", step.label);
    let value = local("value", pipeline);
    let (members, tuple) = match step.settings.get("field") {
        Some(Setting::Fields { members, tuple }) => (members.as_slice(), *tuple),
        _ => (&[][..], false),
    };
    let parts = members.iter().map(|member| {
        let span = syn::spanned::Spanned::span(member).resolved_at(pipeline.anchor());
        let value = super::hygiene::at(&value, span);
        quote_spanned!(span=> #value.#member)
    });
    let part = match tuple {
        true => quote!((#(#parts,)*)),
        false => quote!(#(#parts)*),
    };
    let edges = expand_edges(pipeline, vertex, "ticket");
    quote! {
        #[doc = #doc]
        fn #name(&mut self, lane: &mut Lane, #value: super::#takes, ticket: wh::Ticket) {
            match wh::guard(|| #part) {
                Ok(#value) => { #edges }
                Err(failure) => lane.failed(#at, ticket, failure),
            }
        }
    }
}
