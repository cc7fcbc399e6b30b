//! The types that flow between vertices, as hidden aliases in the user's module, where the user's own paths resolve. Only
//! what is held needs a name: a value that goes straight from one function into the next has none.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Expr, Lit};

use super::brand::brand_static;
use super::hygiene::{gives_alias, in_alias, op_alias, port_alias};
use crate::model::Pipeline;
use crate::model::answer::Opaque;
use crate::model::input::Mode;
use crate::model::kind::Kind;
use crate::model::node::Node;
use crate::model::settings::Slot;
use crate::model::shape::Shape;
use crate::model::step::Step;
use crate::model::types;
use crate::operator::{Gives, Machine};
use crate::symbol::hidden;

/// The aliases of steps, and of what the nodes before them give.
pub(crate) fn expand_step_aliases(pipeline: &Pipeline<'_>) -> TokenStream {
    let nodes = pipeline.nodes.iter().enumerate();
    let gives = nodes.filter(|(vertex, _)| feeds_step(pipeline, *vertex));
    let gives = gives.map(|(_, node)| alias(&gives_alias(node), &node_gives(node)));
    let steps = pipeline
        .graph
        .vertices()
        .filter(|(_, step)| step.is_called());
    let steps = steps.map(|(vertex, step)| {
        let ports = (0..step.inputs())
            .map(|port| alias(&port_alias(step, port), &takes(pipeline, vertex, port)));
        let machine = step
            .has_state()
            .then(|| alias(&op_alias(step), &machine(pipeline, vertex, step)));
        quote!(#(#ports)* #machine)
    });
    quote!(#(#gives)* #(#steps)*)
}

fn alias(name: &Ident, ty: &TokenStream) -> TokenStream {
    quote!(#[doc(hidden)] #[allow(non_camel_case_types, dead_code)] type #name = #ty;)
}

fn feeds_step(pipeline: &Pipeline<'_>, vertex: usize) -> bool {
    let mut edges = pipeline.graph.out_of(vertex);
    edges.any(|edge| pipeline.graph.step(edge.to).is_some())
}

/// What a vertex gives.
fn gives(pipeline: &Pipeline<'_>, vertex: usize) -> TokenStream {
    let Some(step) = pipeline.graph.step(vertex) else {
        let name = gives_alias(&pipeline.nodes[vertex]);
        return quote!(#name);
    };
    let operator = || {
        let name = op_alias(step);
        quote!(<#name as ::waterhealer::__private::Operator>::Out)
    };
    match (step.gives(), step.has_state()) {
        (Gives::Same, false) => takes(pipeline, vertex, 0),
        (Gives::Tuple, _) => tuple(pipeline, vertex, step),
        (Gives::Elements, _) => element(pipeline, vertex),
        (Gives::Part, _) => wanted(pipeline, vertex).unwrap_or_else(|| quote!(())),
        _ => operator(),
    }
}

/// What an input of a step takes: what is given there, a batch as a plain list where rows mean nothing to the step.
fn takes(pipeline: &Pipeline<'_>, vertex: usize, port: usize) -> TokenStream {
    let Some(edge) = pipeline.graph.leading_to(vertex, port).next() else {
        return quote!(());
    };
    let given = gives(pipeline, edge.from);
    let plain = pipeline.shape(edge.from) == Shape::Rows && !pipeline.takes_rows(vertex);
    match plain {
        true => quote!(::std::vec::Vec<<#given as ::waterhealer::__private::Batched>::Row>),
        false => given,
    }
}

/// The state machine of a step.
fn machine(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>) -> TokenStream {
    let inputs: Vec<Ident> = (0..step.inputs())
        .map(|port| port_alias(step, port))
        .collect();
    let name = machine_name(pipeline, vertex, step);
    match step.operator.machine {
        Machine::Joint(_) => quote!(::waterhealer::__private::op::#name<(#(#inputs,)*)>),
        _ => quote!(::waterhealer::__private::op::#name<#(#inputs),*>),
    }
}

fn machine_name(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>) -> Ident {
    use crate::model::pairing::Pairing;
    let name = match step.operator.machine {
        Machine::Joint("Zip") => match pipeline.pairing(vertex) {
            Some(Pairing::ByRecord { .. }) => "ZipByRecord",
            _ => "Zip",
        },
        Machine::State(name) | Machine::Joint(name) => name,
        _ => "Straight",
    };
    Ident::new(name, Span::call_site())
}

/// The tuple that a join gives: its inputs, and the literals between them.
fn tuple(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>) -> TokenStream {
    let first = std::iter::once(takes(pipeline, vertex, 0));
    let mut port = 0;
    let others = step.settings.slots.iter().map(|slot| match slot {
        Slot::Node(_) => {
            port += 1;
            takes(pipeline, vertex, port)
        }
        Slot::Literal(literal) => literal_type(literal),
    });
    let all = first.chain(others);
    quote!((#(#all,)*))
}

/// The type of a literal, as Rust takes it where nothing else is said.
fn literal_type(literal: &Expr) -> TokenStream {
    let suffixed = |suffix: &str, usual: &str| {
        let name = if suffix.is_empty() { usual } else { suffix };
        let name = Ident::new(name, Span::call_site());
        quote!(#name)
    };
    match literal {
        Expr::Unary(unary) => literal_type(&unary.expr),
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => suffixed(number.suffix(), "i32"),
            Lit::Float(number) => suffixed(number.suffix(), "f64"),
            Lit::Bool(_) => quote!(bool),
            Lit::Char(_) => quote!(char),
            Lit::Byte(_) => quote!(u8),
            Lit::ByteStr(bytes) => {
                let length = bytes.value().len();
                quote!(&'static [u8; #length])
            }
            _ => quote!(&'static str),
        },
        _ => quote!(()),
    }
}

/// An element of what a `flatten` takes.
fn element(pipeline: &Pipeline<'_>, vertex: usize) -> TokenStream {
    let from = takes(pipeline, vertex, 0);
    let edge = pipeline.graph.leading_to(vertex, 0).next();
    match edge.map(|edge| pipeline.shape(edge.from)) {
        Some(Shape::Rows) => quote!(<#from as ::waterhealer::__private::Batched>::Row),
        _ => quote!(<#from as ::core::iter::IntoIterator>::Item),
    }
}

/// What is taken of a vertex whose own type cannot be named, by the node that takes it in the end.
fn wanted(pipeline: &Pipeline<'_>, vertex: usize) -> Option<TokenStream> {
    let edge = pipeline.graph.out_of(vertex).next()?;
    let Some(step) = pipeline.graph.step(edge.to) else {
        let node = pipeline.node(edge.to)?;
        let takes = in_alias(node);
        return Some(quote!(#takes));
    };
    match step.gives() {
        Gives::Same => wanted(pipeline, edge.to),
        Gives::Rows => {
            let rows = wanted(pipeline, edge.to)?;
            Some(quote!(<#rows as ::waterhealer::__private::Batched>::Row))
        }
        Gives::Tuple => {
            let tuple = wanted(pipeline, edge.to)?;
            let at = super::spec::number(place_of(step, edge.port));
            Some(quote!(<#tuple as ::waterhealer::__private::Nth<#at>>::Part))
        }
        Gives::Elements | Gives::Part => None,
    }
}

/// Where the value of an input stands in the tuple.
fn place_of(step: &Step<'_>, port: usize) -> usize {
    if port == 0 {
        return 0;
    }
    let slots = step.settings.slots.iter().enumerate();
    let nodes = slots.filter(|(_, slot)| matches!(slot, Slot::Node(_)));
    nodes
        .map(|(index, _)| index + 1)
        .nth(port - 1)
        .unwrap_or(port)
}

/// The value that goes on from a node.
fn node_gives(node: &Node<'_>) -> TokenStream {
    let answered = answered(node);
    match (node.kind, node.answer.opaque) {
        (Kind::Filter, _) => {
            let takes = in_alias(node);
            quote!(#takes)
        }
        (Kind::FlatMap, Opaque::Values) => {
            let written = node.answer.written.as_ref();
            let item =
                written.and_then(|ty| types::bound_item(ty, &["Iterator", "IntoIterator"], "Item"));
            quote!(#item)
        }
        (Kind::FlatMap, _) => quote!(<#answered as ::core::iter::IntoIterator>::Item),
        (Kind::Accumulate, _) => {
            let value = node.answer.value.as_ref();
            quote!(#value)
        }
        _ => answered,
    }
}

/// What a finished call of a node answers when it succeeds, for a collection of elements all of them.
pub(crate) fn answered(node: &Node<'_>) -> TokenStream {
    let answer = &node.answer;
    let finished = answer.finished.as_ref();
    let branded = || finished.map(brand_static);
    let plain = match answer.fallible {
        true => quote!(<#finished as ::waterhealer::__private::Fallible>::Value),
        false => quote!(#finished),
    };
    match (node.kind, node.input.mode) {
        (Kind::ForeachMap | Kind::ForeachAsync, _) => {
            let takes = in_alias(node);
            quote!(<#takes as ::waterhealer::__private::Elements>::With<#plain>)
        }
        (_, Mode::Tracked) => {
            let finished = branded();
            quote!(<#finished as ::waterhealer::__private::MapAnswer<'static>>::Value)
        }
        (_, Mode::Batch) => {
            let finished = branded();
            quote!(<#finished as ::waterhealer::__private::BatchAnswer<'static>>::Value)
        }
        _ => plain,
    }
}

/// The type of what a node takes: of a batch its rows, of an element-wise node the whole collection.
pub(crate) fn node_takes(pipeline: &Pipeline<'_>, vertex: usize) -> TokenStream {
    let node = &pipeline.nodes[vertex];
    let ty = &node.input.ty;
    let rows = pipeline.graph.leading_to(vertex, 0).next();
    let rows = rows.is_some_and(|edge| pipeline.shape(edge.from) == Shape::Rows);
    match (node.kind, node.input.mode) {
        (_, Mode::Batch) => quote!(::waterhealer::Rows<#ty>),
        (Kind::ForeachMap | Kind::ForeachAsync, _) if rows => quote!(::waterhealer::Rows<#ty>),
        (Kind::ForeachMap | Kind::ForeachAsync, _) => quote!(::std::vec::Vec<#ty>),
        _ => quote!(#ty),
    }
}

/// The hidden function that makes something in the user's module: `__waterhealer_new_…`.
pub(crate) fn maker(what: &str, name: &Ident) -> Ident {
    hidden(what, name)
}
