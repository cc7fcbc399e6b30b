//! Nodes beside the usual ones: `#[accumulate]` with its state, `#[healed]` with its offsets.

use std::fmt::Display;

use quote::ToTokens;
use syn::Type;

use crate::diag::Diagnostics;
use crate::message::operator as message;
use crate::model::Pipeline;
use crate::model::kind::Kind;
use crate::model::node::Node;
use crate::model::text::text;
use crate::model::types;
use crate::symbol::CARRIERS;

pub(crate) fn check_states(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    for (vertex, node) in pipeline.nodes.iter().enumerate() {
        match node.kind {
            _ if node.written.ambiguous => {}
            Kind::Accumulate if is_ill_formed(node) => check_accumulate(node, diag),
            Kind::Accumulate => {
                check_volatile(pipeline, vertex, node, diag);
                check_order(pipeline, vertex, node, diag);
            }
            Kind::Healed => check_healed(node, diag),
            _ => {}
        }
    }
}

/// Whether an `#[accumulate]` has not the shape of one. What else could be said of it follows from that.
pub(super) fn is_ill_formed(node: &Node<'_>) -> bool {
    node.kind == Kind::Accumulate && !node.written.ambiguous && problem(node).is_some()
}

/// The state goes in, the value goes in, the state comes out.
fn problem(node: &Node<'_>) -> Option<(&'static str, &'static str)> {
    let options = &node.written.options;
    let pair = options.returns_state.given().is_some();
    let given_pair =
        matches!(node.answer.success.as_ref(), Some(Type::Tuple(pair)) if pair.elems.len() == 2);
    let by_value = node
        .state
        .is_some_and(|ty| !matches!(ty, Type::Reference(_)) && !types::borrows(ty));
    if matches!(
        node.written.signature.inputs.first(),
        Some(syn::FnArg::Receiver(_))
    ) {
        // It is refused for its `self`.
        return None;
    }
    let carried = node.state.is_some_and(is_carried);
    Some(if node.asynchronous {
        (
            "an `#[accumulate]` is not async",
            "one call gives the state that the next one takes, so that none could wait beside another",
        )
    } else if node.input.written.is_none() || !by_value {
        (
            "an `#[accumulate]` takes its state and a value",
            "it is given the state of the call before, by value, and gives the next one",
        )
    } else if options.start.given().is_none() && !options.incomplete {
        (
            "an `#[accumulate]` needs a state to start with",
            "the first value meets no state that a call before it has left",
        )
    } else if node.input.mode.is_lent() || carried {
        (
            "an `#[accumulate]` takes the plain value",
            "its state holds values for longer than a call, and a carrier must come back from each",
        )
    } else if pair && !given_pair {
        (
            "with `returns_state` an `#[accumulate]` gives the state and a value",
            "the first goes to the next call, the second to the nodes that take from this one",
        )
    } else if node.answer.written.is_none() {
        (
            "an `#[accumulate]` gives its next state",
            "the next call is given what this one leaves",
        )
    } else {
        return None;
    })
}

fn is_carried(ty: &Type) -> bool {
    CARRIERS.iter().any(|carrier| types::mentions(ty, carrier))
}

fn check_accumulate(node: &Node<'_>, diag: &Diagnostics) {
    let Some((headline, why)) = problem(node) else {
        return;
    };
    let owned = node.state.map(|ty| match types::peel(ty) {
        Type::Reference(reference) => &*reference.elem,
        other => other,
    });
    let owned = owned.filter(|ty| !types::borrows(ty) && !is_carried(ty));
    let state = owned.map_or("State".to_owned(), |ty| text(ty.to_token_stream()));
    let pair = node.written.options.returns_state.given().is_some();
    let answer = match pair {
        true => format!("({state}, Total)"),
        false => state.clone(),
    };
    let extra = if pair { ", returns_state" } else { "" };
    let example = format!(
        "#[accumulate(from = …, start = …{extra})] fn {}(state: {state}, value: T) -> {answer}",
        node.name
    );
    let words: [(&str, &dyn Display); 3] = [
        ("headline", &headline),
        ("why", &why),
        ("example", &example),
    ];
    diag.report(&message::ACCUMULATE, node.name, &words);
}

/// Offsets move past what has gone into a state that lives in memory; a restart then begins with an empty one.
fn check_volatile(pipeline: &Pipeline<'_>, vertex: usize, node: &Node<'_>, diag: &Diagnostics) {
    let said = node.written.options.volatile.given().is_some();
    if !said && pipeline.is_over_kafka(vertex) {
        diag.report(&message::STATE_LOST, node.name, &[("node", node.name)]);
    }
}

/// A state that depends on the order is another one at each run when the order was given up before.
fn check_order(pipeline: &Pipeline<'_>, vertex: usize, node: &Node<'_>, diag: &Diagnostics) {
    if node.written.options.any_order.given().is_none() {
        super::operator::report_order_lost(pipeline, vertex, "accumulate", node.name, diag);
    }
}

/// It stands beside the graph: nothing is committed while it runs, and nothing goes on from it.
fn check_healed(node: &Node<'_>, diag: &Diagnostics) {
    let takes_positions = match node.input.written.as_ref().map(types::peel) {
        Some(Type::Reference(reference)) => match types::peel(&reference.elem) {
            Type::Slice(slice) => {
                types::last_segment(&slice.elem).is_some_and(|segment| segment.ident == "Position")
            }
            _ => false,
        },
        _ => false,
    };
    let gives_nothing = match node.answer.success.as_ref() {
        None => true,
        Some(Type::Tuple(unit)) => unit.elems.is_empty(),
        Some(_) => false,
    };
    if !takes_positions || !gives_nothing || node.asynchronous {
        diag.report(&message::HEALED, node.name, &[("node", node.name)]);
    }
}
