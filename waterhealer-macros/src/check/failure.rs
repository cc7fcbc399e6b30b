//! Failures that flow as values: what becomes of an `Err` that no node has answered.

use std::fmt::Display;

use syn::Type;

use crate::diag::Diagnostics;
use crate::message::operator as message;
use crate::model::Pipeline;
use crate::model::input::Mode;
use crate::model::kind::Kind;
use crate::model::node::Node;
use crate::model::types;

/// A sink finishes what it is given. An `Err` that it is given, and that it cannot answer, is healed as if it were done:
/// whether a failed record may be passed over is for `on_error` to say. A sink that produces to Kafka makes a message of
/// the `Err`, which is then on record; so does a node in the middle, which gives the failed branch a way of its own.
pub(crate) fn check_handled(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    for (index, node) in pipeline.nodes.iter().enumerate() {
        let finishes = node.kind == Kind::Sink && !node.answer.fallible;
        if finishes && !node.written.ambiguous && !is_handled_before(pipeline, index) {
            check_value(node, diag);
        }
    }
}

/// Whether what feeds the sink answers the `Err` itself: then only the value goes on, and rustc says that the types differ.
fn is_handled_before(pipeline: &Pipeline<'_>, sink: usize) -> bool {
    let edges = &pipeline.graph.edges;
    let mut feeding = edges.iter().filter(|edge| edge.to == sink).peekable();
    feeding.peek().is_some()
        && feeding.all(|edge| {
            let Some(node) = pipeline.node(edge.from) else {
                return false;
            };
            let value = node.answer.value.as_ref();
            node.answer.fallible && node.kind.gives_value() && value.and_then(result_in).is_none()
        })
}

fn check_value(node: &Node<'_>, diag: &Diagnostics) {
    let Some(failing) = result_in(&node.input.ty) else {
        return;
    };
    let answer = match node.input.mode {
        Mode::Tracked => "`Result<Done, …>`, by `transpose()` or `try_map`",
        Mode::Batch => "`Result<Done, …>`, by `try_map` or `try_for_each`",
        Mode::Value | Mode::Ref | Mode::TrackedRef => "`Result<(), …>`",
    };
    let words: [(&str, &dyn Display); 2] = [("node", node.name), ("answer", &answer)];
    diag.report(&message::UNHANDLED, failing, &words);
}

/// The `Result` in a value, also as one of many.
fn result_in(ty: &Type) -> Option<&Type> {
    const HOLDERS: &[&str] = &["Vec", "Batch", "Option", "Box", "Arc"];
    let ty = types::peel(ty);
    if let Type::Tuple(tuple) = ty {
        return tuple.elems.iter().find_map(result_in);
    }
    let segment = types::last_segment(ty)?;
    if segment.ident == "Result" {
        return Some(ty);
    }
    let holds = HOLDERS.iter().any(|holder| segment.ident == holder);
    types::first_argument(segment)
        .filter(|_| holds)
        .and_then(result_in)
}
