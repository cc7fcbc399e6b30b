//! The graph as JSON, for programs: the data itself, with no topics between.

use serde_json::{Value, json};

use crate::graph::policy::OnError;
use crate::graph::spec::{Cardinality, Edge, NodeKind, NodeSpec, Spec};

pub(super) fn json(spec: &Spec) -> String {
    let nodes: Vec<Value> = spec.nodes.iter().map(node).collect();
    let edges: Vec<Value> = spec
        .edges
        .iter()
        .filter_map(|edge| self::edge(spec, edge))
        .collect();
    let graph = json!({ "name": spec.name, "nodes": nodes, "edges": edges });
    format!("{graph:#}\n")
}

fn node(node: &NodeSpec) -> Value {
    json!({
        "name": node.name,
        "kind": kind(node.kind),
        "label": node.label,
        "cardinality": cardinality(node.cardinality),
        "async": node.asynchronous,
        "concurrency": node.concurrency,
        "on_error": match node.on_error {
            OnError::Halt => "halt",
            OnError::Skip => "skip",
            OnError::DeadLetter(_) => "dead_letter",
        },
        "topics": node.topics,
        "path": node.path,
        "takes": node.takes,
        "gives": node.gives,
        "doc": node.doc,
    })
}

fn edge(spec: &Spec, edge: &Edge) -> Option<Value> {
    let (from, to) = (spec.nodes.get(edge.from)?, spec.nodes.get(edge.to)?);
    Some(json!({ "from": from.name, "to": to.name, "port": edge.port }))
}

fn kind(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Source => "source",
        NodeKind::EmitSource => "emit_source",
        NodeKind::LineSource => "line_source",
        NodeKind::FileSource => "file_source",
        NodeKind::Map => "map",
        NodeKind::Filter => "filter",
        NodeKind::FlatMap => "flat_map",
        NodeKind::Accumulate => "accumulate",
        NodeKind::ForeachMap => "foreach_map",
        NodeKind::ForeachAsync => "foreach_async",
        NodeKind::Sink => "sink",
        NodeKind::KafkaSink => "kafka_sink",
        NodeKind::Healed => "healed",
        NodeKind::Operator => "operator",
    }
}

fn cardinality(cardinality: Cardinality) -> &'static str {
    match cardinality {
        Cardinality::Start => "start",
        Cardinality::One => "one",
        Cardinality::Subset => "subset",
        Cardinality::Many => "many",
        Cardinality::Regroup => "regroup",
        Cardinality::Merge => "merge",
        Cardinality::End => "end",
    }
}
