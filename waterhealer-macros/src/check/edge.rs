//! What stands after `from`: names that exist, operators that exist, each node once, no sinks.

use syn::Ident;

use crate::diag::Diagnostics;
use crate::message::{attribute, graph as message};
use crate::model::{Pipeline, node::Node, operator};
use crate::parse::edge::{Argument, EdgeExpr};
use crate::suggest;

pub(crate) fn check_edges(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    check_known(pipeline, diag);
    check_not_from_sinks(pipeline, diag);
    for node in &pipeline.nodes {
        if let Some(from) = node.written.options.from.value() {
            check_operators(from, diag);
            check_taken_once(node, from, diag);
        }
    }
}

/// A name that is not a node's would be a cryptic "cannot find value" deep in generated code.
fn check_known(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    for unknown in &pipeline.graph.unknown {
        let instead = match unknown.near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the nodes that give values are {}", givers(pipeline)),
        };
        diag.report(
            &message::UNKNOWN_NODE,
            unknown.at,
            &[("name", unknown.at), ("instead", &instead)],
        );
    }
}

/// The names that may stand in `from`, as a sentence.
fn givers(pipeline: &Pipeline<'_>) -> String {
    let givers = pipeline.nodes.iter().filter(|node| !node.kind.is_sink());
    let names: Vec<String> = givers.map(|node| node.name.to_string()).collect();
    suggest::listed(names.iter().map(String::as_str))
}

/// A sink answers a receipt, not a value: there is nothing to take.
fn check_not_from_sinks(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    for edge in &pipeline.graph.edges {
        let from = &pipeline.nodes[edge.from];
        if from.kind.is_sink() {
            diag.report(&message::FROM_A_SINK, edge.at, &[("node", from.name)]);
        }
    }
}

/// Two edges between the same two nodes would bring each value twice, which nobody means by `union`.
fn check_taken_once(node: &Node<'_>, from: &EdgeExpr, diag: &Diagnostics) {
    let mut seen: Vec<&Ident> = Vec::new();
    for name in from.nodes() {
        if seen.contains(&name) && name != node.name {
            diag.report(&message::TAKEN_TWICE, name, &[("node", name)]);
        }
        seen.push(name);
    }
}

/// An operator that is not understood must not be passed over: it changes what arrives.
fn check_operators(expression: &EdgeExpr, diag: &Diagnostics) {
    let EdgeExpr::Operator {
        receiver,
        name,
        arguments,
    } = expression
    else {
        return;
    };
    check_operators(receiver, diag);
    for argument in arguments {
        if let Argument::Edge(edge) = argument {
            check_operators(edge, diag);
        }
    }
    check_operator(name, arguments, diag);
}

fn check_operator(name: &Ident, arguments: &[Argument], diag: &Diagnostics) {
    let written = name.to_string();
    let Some(operator) = operator::find(&written) else {
        let instead = match suggest::nearest(&written, operator::names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "this version has `union`: `from = left.union(right)`".to_owned(),
        };
        return diag.report(
            &attribute::UNKNOWN_OPERATOR,
            name,
            &[("operator", name), ("instead", &instead)],
        );
    };
    if !operator.supported {
        return diag.report(&attribute::LATER_OPERATOR, name, &[("operator", name)]);
    }
    let wrong = arguments.iter().find_map(|argument| match argument {
        Argument::Other(tokens) => Some(tokens.clone()),
        Argument::Edge(_) => None,
    });
    let caret = match wrong {
        Some(tokens) => tokens,
        None if arguments.is_empty() => quote::ToTokens::to_token_stream(name),
        None => return,
    };
    diag.report(
        &attribute::OPERATOR_ARGUMENTS,
        caret,
        &[
            ("operator", name),
            ("wanted", &operator.takes),
            ("example", &operator.example),
        ],
    );
}
