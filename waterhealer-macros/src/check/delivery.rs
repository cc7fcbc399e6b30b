//! Exactly once: messages to Kafka and offsets are committed together, when nothing is under way. What is done elsewhere is
//! not in the transaction, and a record that an operator holds back over a commit must have nothing in it.

use std::fmt::Display;

use quote::ToTokens;
use syn::Ident;

use super::operator::name_of;
use crate::diag::Diagnostics;
use crate::message::delivery as message;
use crate::model::Pipeline;
use crate::model::kind::Kind;
use crate::model::pairing::Pairing;
use crate::model::shape::Shape;
use crate::operator::{Cardinality, Machine};

pub(crate) fn check_delivery(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    check_may_repeat(pipeline, diag);
    if !pipeline.options.is_exactly_once() {
        return;
    }
    check_sinks(pipeline, diag);
    check_offsets(pipeline, diag);
    for (vertex, step) in pipeline.graph.vertices() {
        if step.settings.problems.is_empty() && pipeline.graph.has_output(vertex) {
            check_kept(pipeline, vertex, diag);
            check_torn(pipeline, vertex, diag);
        }
    }
}

/// `may_repeat` allows what only a transaction forbids.
fn check_may_repeat(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    for node in &pipeline.nodes {
        let Some(option) = node.written.options.may_repeat.given() else {
            continue;
        };
        let why = if !pipeline.options.is_exactly_once() {
            "the pipeline delivers at least once, so that everything in it may come a second time"
        } else if node.kind == Kind::KafkaSink {
            "what this sink writes is in the transaction, and comes once"
        } else {
            continue;
        };
        diag.report(&message::MAY_NOT_REPEAT, option, &[("why", &why)]);
    }
}

/// What a sink does elsewhere stays when the transaction is aborted; and without a Kafka sink there is nothing in it.
fn check_sinks(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    let mut sinks = pipeline.nodes.iter().filter(|node| node.kind.is_sink());
    if sinks.clone().next().is_none() {
        // That is told by itself.
        return;
    }
    if !pipeline
        .nodes
        .iter()
        .any(|node| node.kind == Kind::KafkaSink)
    {
        let at = pipeline.options.delivery.given();
        let words: [(&str, &dyn Display); 1] = [("pipeline", pipeline.name)];
        return diag.report(&message::NOTHING_INSIDE, at.to_token_stream(), &words);
    }
    sinks.by_ref().for_each(|node| {
        let options = &node.written.options;
        let allowed = options.may_repeat.given().is_some() || options.incomplete;
        if node.kind == Kind::Sink && !allowed {
            diag.report(&message::OUTSIDE, node.name, &[("node", node.name)]);
        }
    });
}

/// Values without an offset cannot be committed together with what was made of them.
fn check_offsets(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    for (vertex, source) in pipeline.nodes.iter().enumerate() {
        if source.kind == Kind::Source || !source.kind.is_source() {
            continue;
        }
        let mut sinks = pipeline.nodes.iter().enumerate();
        let reached = sinks.find(|(sink, node)| {
            node.kind == Kind::KafkaSink && pipeline.graph.upstream(*sink).contains(&vertex)
        });
        if let Some((_, sink)) = reached {
            let words: [(&str, &dyn Display); 2] = [("source", source.name), ("sink", sink.name)];
            diag.report(&message::WITHOUT_OFFSET, source.name, &words);
        }
    }
}

/// A record that is used and kept has messages in the transaction and no offset there.
fn check_kept(pipeline: &Pipeline<'_>, vertex: usize, diag: &Diagnostics) {
    let Some(step) = pipeline.graph.step(vertex) else {
        return;
    };
    let name = step.operator.name;
    if matches!(name, "sliding_window" | "zip_latest" | "combine_latest") {
        diag.report(&message::KEPT_IN_USE, step.at, &[("operator", &name)]);
    }
}

/// What an operator holds over a commit must be the last that came of each partition, and nothing else may have been made of
/// it: then the commit stops right before it.
fn check_torn(pipeline: &Pipeline<'_>, vertex: usize, diag: &Diagnostics) {
    let Some(step) = pipeline.graph.step(vertex) else {
        return;
    };
    let by_arrival = pipeline.pairing(vertex) == Some(Pairing::ByArrival);
    let holds = match step.operator.name {
        "partition" | "partition_time" | "timed_window" | "collect" | "delay" | "rate_limit" => {
            true
        }
        "zip" => step.operator.machine == Machine::Joint("Zip") && by_arrival,
        _ => false,
    };
    if !holds {
        return;
    }
    let upstream = pipeline.graph.upstream(vertex);
    let mut before = upstream.into_iter().filter(|before| *before != vertex);
    let Some((why, instead)) = before.find_map(|before| tears(pipeline, before, vertex)) else {
        return;
    };
    let words: [(&str, &dyn Display); 3] = [
        ("operator", &step.operator.name),
        ("why", &why),
        ("instead", &instead),
    ];
    diag.report(&message::TORN, step.at, &words);
}

/// Why a record that `holder` holds may have a message in the transaction because of what stands at `before`; and what to write
/// instead.
fn tears(pipeline: &Pipeline<'_>, before: usize, holder: usize) -> Option<(String, String)> {
    let name = name_of(pipeline, before);
    if multiplies(pipeline, before) {
        return Some((
            format!(
                "`{name}` makes several values of a record, of which some go on while others are held"
            ),
            format!("put it before `{name}`, whose values then go on together"),
        ));
    }
    if let Some(node) = pipeline.node(before)
        && node.asynchronous
        && node.concurrency() > 1
    {
        return Some((
            format!(
                "with `concurrency = {}` a later record may come out of `{name}` first, and go on while this one is held",
                node.concurrency()
            ),
            format!("take `concurrency` out of `{name}`, or put it before `{name}`"),
        ));
    }
    let operator = pipeline
        .graph
        .step(holder)
        .map_or("…", |step| step.operator.name);
    let ways = pipeline.graph.out_of(before).count();
    let other = (ways > 1)
        .then(|| sink_past(pipeline, before, holder))
        .flatten()?;
    Some((
        format!("what `{name}` gives also reaches the Kafka sink `{other}` on another way"),
        format!(
            "let `{other}` take from what this `{operator}` gives, or give one of the two a pipeline and a group of its own"
        ),
    ))
}

fn multiplies(pipeline: &Pipeline<'_>, vertex: usize) -> bool {
    if let Some(node) = pipeline.node(vertex) {
        return node.kind == Kind::FlatMap;
    }
    // The rows of a batch are records of their own.
    let of_rows = || {
        let mut feeders = pipeline.graph.leading_to(vertex, 0);
        feeders.all(|edge| pipeline.shape(edge.from) == Shape::Rows)
    };
    let step = pipeline.graph.step(vertex);
    step.is_some_and(|step| step.operator.cardinality == Cardinality::Many) && !of_rows()
}

/// A Kafka sink that values of `from` reach without passing `holder`.
fn sink_past<'p>(pipeline: &'p Pipeline<'_>, from: usize, holder: usize) -> Option<&'p Ident> {
    let mut reached = vec![from];
    let mut next = 0;
    while let Some(&here) = reached.get(next) {
        next += 1;
        for edge in pipeline.graph.out_of(here) {
            if edge.to != holder && !reached.contains(&edge.to) {
                reached.push(edge.to);
            }
        }
    }
    let mut nodes = reached
        .into_iter()
        .filter_map(|vertex| pipeline.node(vertex));
    nodes
        .find(|node| node.kind == Kind::KafkaSink)
        .map(|node| node.name)
}
