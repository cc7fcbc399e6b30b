//! Names and spans of generated code, in one place.
//!
//! Most generated tokens belong to the macro's call. Those that a type error can point at are placed under the user's own
//! type: rustc then draws its caret there, and says nothing of a macro. Such tokens are resolved as the word `mod` is, and
//! so are the local variables that they share with their surroundings, also where `macro_rules` wrote a part of the module.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident};
use syn::Type;

use crate::model::Pipeline;
use crate::model::kind::Kind;
use crate::model::node::Node;
use crate::model::step::Step;
use crate::model::types;
use crate::symbol;

/// Where a node's answer is written: the return type, or the name where there is none.
pub(crate) fn answer_span(node: &Node<'_>, pipeline: &Pipeline<'_>) -> Span {
    let span = node
        .answer
        .written
        .as_ref()
        .map_or_else(|| node.name.span(), head);
    span.resolved_at(pipeline.anchor())
}

/// Where the type of a node's value is written.
pub(crate) fn input_span(node: &Node<'_>, pipeline: &Pipeline<'_>) -> Span {
    type_span(&node.input.ty, pipeline)
}

/// Where a type of the user's is written.
pub(crate) fn type_span(ty: &Type, pipeline: &Pipeline<'_>) -> Span {
    head(ty).resolved_at(pipeline.anchor())
}

/// Where the type of what a node hands on is written: of a filter it is the type it takes.
pub(crate) fn output_span(node: &Node<'_>, pipeline: &Pipeline<'_>) -> Span {
    match node.kind {
        Kind::Filter => input_span(node, pipeline),
        _ => answer_span(node, pipeline),
    }
}

/// The word of a type that says most: `Vec` of `std::vec::Vec<u8>`. Several tokens cannot be one caret on stable Rust.
fn head(ty: &Type) -> Span {
    let first = || {
        ty.to_token_stream()
            .into_iter()
            .next()
            .map_or_else(Span::call_site, |token| token.span())
    };
    types::last_segment(ty).map_or_else(first, |segment| segment.ident.span())
}

/// A local variable that tokens under the user's types share with tokens of the macro's.
pub(crate) fn local(name: &str, pipeline: &Pipeline<'_>) -> Ident {
    Ident::new(name, Span::call_site().resolved_at(pipeline.anchor()))
}

/// A name as if it were written at `span`.
pub(crate) fn at(name: &Ident, span: Span) -> Ident {
    let mut name = name.clone();
    name.set_span(span);
    name
}

/// Tokens of the macro's as if they stood at `span`: an error about them has its caret there.
pub(crate) fn located(tokens: &TokenStream, span: Span) -> TokenStream {
    let tokens = tokens.clone().into_iter().map(|mut token| {
        token.set_span(token.span().located_at(span));
        token
    });
    tokens.collect()
}

/// The name of a node's method, variant and field.
pub(crate) fn own_name(node: &Node<'_>) -> Ident {
    at(node.name, Span::call_site())
}

/// The hidden alias for what a node takes.
pub(crate) fn in_alias(node: &Node<'_>) -> Ident {
    symbol::hidden("in", node.name)
}

/// The hidden alias for what an asynchronous node's call yields.
pub(crate) fn out_alias(node: &Node<'_>) -> Ident {
    symbol::hidden("out", node.name)
}

/// The hidden alias for the value that goes on from a node.
pub(crate) fn gives_alias(node: &Node<'_>) -> Ident {
    symbol::hidden("gives", node.name)
}

/// The hidden alias for what an input of a step takes.
pub(crate) fn port_alias(step: &Step<'_>, port: usize) -> Ident {
    match port {
        0 => symbol::hidden("in", &step.ident),
        other => symbol::hidden("in", &format_ident!("{}_{other}", step.ident)),
    }
}

/// The hidden alias for a step's state machine.
pub(crate) fn op_alias(step: &Step<'_>) -> Ident {
    symbol::hidden("op", &step.ident)
}

/// The method of a step's input: its name, or `zip_input_1` for the second.
pub(crate) fn port_method(step: &Step<'_>, port: usize, pipeline: &Pipeline<'_>) -> Ident {
    match port {
        0 => step.ident.clone(),
        other => unique(format_ident!("{}_input_{other}", step.ident), pipeline),
    }
}

/// The method of what a step gives: `after_zip`.
pub(crate) fn after_method(step: &Step<'_>, pipeline: &Pipeline<'_>) -> Ident {
    unique(format_ident!("after_{}", step.ident), pipeline)
}

/// A name that no method of a node or of a step has.
fn unique(mut name: Ident, pipeline: &Pipeline<'_>) -> Ident {
    let taken = |name: &Ident| {
        let node = pipeline.nodes.iter().any(|node| *node.name == *name);
        node || pipeline.graph.steps.iter().any(|step| step.ident == *name)
    };
    while taken(&name) {
        name = format_ident!("{name}_");
    }
    name
}

/// The hidden type of an asynchronous node that holds a carrier.
pub(crate) fn stage_type(node: &Node<'_>) -> Ident {
    format_ident!("stage_{}", node.name, span = Span::call_site())
}

/// A method beside a node's own: `start_price`. A node that is itself called so makes it `start_price_`.
pub(crate) fn method(verb: &str, node: &Node<'_>, pipeline: &Pipeline<'_>) -> Ident {
    let name = format_ident!("{verb}_{}", node.name, span = Span::call_site());
    unique(name, pipeline)
}
