//! Reachability: every value comes from a source and ends in a sink, and none goes round in a circle.

use std::fmt::Display;

use crate::diag::Diagnostics;
use crate::message::graph as message;
use crate::model::{Pipeline, graph::Edge, kind::Kind, node::Node};
use crate::suggest;

pub(crate) fn check_reach(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    check_source_exists(pipeline, diag);
    check_sink_exists(pipeline, diag);
    check_reached(pipeline, diag);
    check_fed(pipeline, diag);
    check_no_circle(pipeline, diag);
}

/// Without a source nothing ever enters.
fn check_source_exists(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    let has_source = pipeline.nodes.iter().any(|node| node.kind.is_source());
    if !has_source && pipeline.module.unread.is_empty() {
        diag.report(
            &message::NO_SOURCE,
            pipeline.name,
            &[("pipeline", pipeline.name)],
        );
    }
}

/// Without a sink nothing is ever finished. Told once, rather than for each node that gives values to nobody.
fn check_sink_exists(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    if lacks_sink(pipeline)
        && !pipeline.graph.uncertain
        && let Some(last) = pipeline.nodes.last()
    {
        let words: [(&str, &dyn Display); 2] = [("pipeline", pipeline.name), ("node", last.name)];
        diag.report(&message::NO_SINK, pipeline.name, &words);
    }
}

fn lacks_sink(pipeline: &Pipeline<'_>) -> bool {
    !pipeline.nodes.iter().any(|node| node.kind.is_sink())
}

/// The heart of the promise: a value that no sink takes is a record that is never finished, and whose offset leaks.
fn check_reached(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    if pipeline.graph.uncertain || lacks_sink(pipeline) {
        return;
    }
    for (index, node) in pipeline.nodes.iter().enumerate() {
        let twin = pipeline
            .nodes
            .iter()
            .filter(|other| other.name == node.name)
            .count()
            > 1;
        if !node.kind.gives() || twin || pipeline.graph.has_output(index) {
            continue;
        }
        let offsets = what_leaks(pipeline, index);
        diag.report(
            &message::UNREACHED,
            node.name,
            &[("node", node.name), ("offsets", &offsets)],
        );
    }
}

/// Which records would leak here, by the sources before it.
pub(super) fn what_leaks(pipeline: &Pipeline<'_>, vertex: usize) -> String {
    let upstream = pipeline.graph.upstream(vertex);
    let sources: Vec<&Node<'_>> = upstream
        .into_iter()
        .filter_map(|vertex| pipeline.node(vertex))
        .filter(|node| node.kind.is_source())
        .collect();
    let topics: Vec<String> = sources
        .iter()
        .flat_map(|source| source.topics())
        .map(|topic| topic.value())
        .collect();
    if !topics.is_empty() {
        return format!(
            "offsets of {}",
            suggest::listed(topics.iter().map(String::as_str))
        );
    }
    let paths: Vec<String> = sources
        .iter()
        .filter_map(|source| source.path())
        .map(|path| path.value())
        .collect();
    if !paths.is_empty() {
        return format!(
            "what is read of {}",
            suggest::listed(paths.iter().map(String::as_str))
        );
    }
    let fed: Vec<String> = sources
        .iter()
        .map(|source| source.name.to_string())
        .collect();
    if fed.is_empty() {
        return "its records".to_owned();
    }
    format!(
        "values given to {}",
        suggest::listed(fed.iter().map(String::as_str))
    )
}

/// A node without `from` is dead code that looks alive.
fn check_fed(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    for node in &pipeline.nodes {
        let options = &node.written.options;
        let takes = !node.kind.is_source() && node.kind != Kind::Healed;
        if !takes || options.from.given().is_some() || options.incomplete {
            continue;
        }
        let others = pipeline
            .nodes
            .iter()
            .filter(|other| other.kind.gives() && other.name != node.name);
        let names: Vec<String> = others.map(|other| other.name.to_string()).collect();
        let nodes = match suggest::listed(names.iter().map(String::as_str)) {
            none if none.is_empty() => none,
            some => format!("; there are {some}"),
        };
        diag.report(
            &message::FED_BY_NOTHING,
            &node.written.attribute,
            &[
                ("node", node.name),
                ("word", &node.written.word.text()),
                ("nodes", &nodes),
            ],
        );
    }
}

/// A circle never ends. Each is told once, at the edge that closes it: the one in the `from` of its first node.
fn check_no_circle(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    let mut told: Vec<usize> = Vec::new();
    for (index, node) in pipeline.nodes.iter().enumerate() {
        let Some(circle) = pipeline.graph.circle(index) else {
            continue;
        };
        let told_already = |edge: &&Edge<'_>| {
            let sink = pipeline
                .node(edge.to)
                .is_some_and(|node| node.kind.is_sink());
            told.contains(&edge.to) || sink
        };
        if circle.iter().any(told_already) {
            continue;
        }
        told.extend(circle.iter().map(|edge| edge.to));
        let mut path = vec![format!("`{}`", node.name)];
        let nodes = circle.iter().filter_map(|edge| pipeline.node(edge.to));
        path.extend(nodes.map(|node| format!("`{}`", node.name)));
        let path = path.join(" → ");
        // The name that is written in the `from` of the first node, rather than an operator's.
        let named = |edge: &&&Edge<'_>| pipeline.node(edge.from).is_some();
        if let Some(closing) = circle.iter().rev().find(named) {
            diag.report(
                &message::CYCLE,
                closing.at,
                &[("node", node.name), ("path", &path)],
            );
        }
    }
}
