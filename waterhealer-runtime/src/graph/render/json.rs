//! The graph as JSON, for programs: the data itself, with no topics between.

use std::time::Duration;

use serde_json::{Value, json};

use super::UNSAID;
use crate::graph::handling::{OrderBy, Retry};
use crate::graph::policy::{Breaker, OnError, Style};
use crate::graph::spec::{Cardinality, Edge, NodeKind, NodeSpec, Spec};

pub(super) fn json(spec: &Spec) -> String {
    let nodes = spec.nodes.iter().enumerate();
    let nodes: Vec<Value> = nodes.map(|(index, one)| node(spec, index, one)).collect();
    let edges: Vec<Value> = spec
        .edges
        .iter()
        .filter_map(|edge| self::edge(spec, edge))
        .collect();
    let graph = json!({ "name": spec.name, "nodes": nodes, "edges": edges });
    format!("{graph:#}\n")
}

/// What is not said of a node is `null`; a number of calls that is the machine's own, too.
fn node(spec: &Spec, index: usize, node: &NodeSpec) -> Value {
    let handling = node.handling;
    let said = |text: &'static str| (!text.is_empty()).then_some(text);
    json!({
        "name": node.name,
        "kind": kind(node.kind),
        "label": node.label,
        "cardinality": cardinality(node.cardinality),
        "async": node.asynchronous,
        "concurrency": (node.concurrency > 0).then_some(node.concurrency),
        "blocking": handling.blocking,
        "order_by": order_by(handling.order_by),
        "timeout_ms": handling.timeout.map(millis),
        "retry": handling.retry.map(retry),
        "on_error": policy(node.on_error),
        "on_panic": policy(handling.on_panic),
        "dead_letters": dead_letters(spec, index, [("error", node.on_error), ("panic", handling.on_panic)]),
        "breaker": node.breaker.map(breaker),
        "flush": said(handling.flush),
        "topics": node.topics,
        "path": node.path,
        "takes": node.takes,
        "gives": node.gives,
        "doc": node.doc,
    })
}

fn policy(policy: OnError) -> &'static str {
    match policy {
        OnError::Halt => "halt",
        OnError::Skip => "skip",
        OnError::DeadLetter(_) => "dead_letter",
    }
}

/// Where records go that fail at a node, by what it does.
fn dead_letters(spec: &Spec, node: usize, policies: [(&str, OnError); 2]) -> Vec<Value> {
    let letters = policies.into_iter().filter_map(|(on, policy)| {
        let OnError::DeadLetter(letter) = policy else {
            return None;
        };
        Some(json!({
            "on": on,
            "topics": spec.letter_topics(node, policy, spec.group_or(UNSAID)),
            "style": match letter.style {
                Style::Connect => "connect",
                Style::Spring => "spring",
                Style::Streams => "streams",
            },
        }))
    });
    letters.collect()
}

fn retry(retry: Retry) -> Value {
    json!({
        "max": retry.max,
        "from_ms": millis(retry.from),
        "to_ms": millis(retry.to),
        "jitter": retry.jitter,
    })
}

fn breaker(breaker: Breaker) -> Value {
    let share = breaker.share;
    json!({
        "consecutive": breaker.consecutive,
        "share": share.map(|share| json!({ "percent": share.percent, "of": share.of })),
        "rows": breaker.rows,
    })
}

fn order_by(order: OrderBy) -> &'static str {
    match order {
        OrderBy::None => "none",
        OrderBy::Partition => "partition",
        OrderBy::Key => "key",
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
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
