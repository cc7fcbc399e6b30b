//! Names: of nodes, and those that the pipeline keeps for itself.

use crate::diag::Diagnostics;
use crate::message::graph as message;
use crate::model::Pipeline;
use crate::symbol::{clashes, is_reserved};

pub(crate) fn check_names(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    check_duplicates(pipeline, diag);
    check_reserved(pipeline, diag);
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
