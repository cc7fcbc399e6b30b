//! Names: of nodes, and those that the pipeline keeps for itself.

use std::fmt::Display;

use crate::diag::Diagnostics;
use crate::message::graph as message;
use crate::model::Pipeline;
use crate::symbol::{clashes, instead_of_operator_word, is_reserved};

pub(crate) fn check_names(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    check_duplicates(pipeline, diag);
    check_reserved(pipeline, diag);
    check_operator_words(pipeline, diag);
}

/// Edges go by name. rustc would say only that a function is defined twice.
fn check_duplicates(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    let nodes = &pipeline.nodes;
    for (index, node) in nodes.iter().enumerate() {
        if nodes[..index]
            .iter()
            .any(|earlier| earlier.name == node.name)
        {
            diag.report(&message::DUPLICATE_NODE, node.name, &[("node", node.name)]);
        }
    }
}

/// The pipeline adds items to the user's module; rustc's message about a clash would point at `#[pipeline]`.
fn check_reserved(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    let declared = pipeline
        .module
        .declared()
        .filter(|(keyword, name)| clashes(keyword, name));
    let nodes = pipeline
        .nodes
        .iter()
        .map(|node| node.name)
        .filter(|name| is_reserved(name));
    for name in declared.map(|(_, name)| name).chain(nodes) {
        diag.report(&message::RESERVED, name, &[("name", name)]);
    }
}

/// `order.zip(hold)` would be read as the option, and the node could be taken by no operator.
fn check_operator_words(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    for node in &pipeline.nodes {
        if let Some(instead) = instead_of_operator_word(node.name) {
            let words: [(&str, &dyn Display); 2] = [("node", node.name), ("instead", &instead)];
            diag.report(&message::OPERATOR_WORD, node.name, &words);
        }
    }
}
