//! What operators lose that no single function shows: pairs that never meet, records that are held for ever, an order
//! that was given up, and steps that have nothing to do where they stand.

use std::fmt::Display;

use crate::diag::Diagnostics;
use crate::message::{attribute, operator as message};
use crate::model::Pipeline;
use crate::model::input::Mode;
use crate::model::kind::Kind;
use crate::model::pairing::{Fork, Pairing};
use crate::model::settings::Setting;
use crate::model::shape::Shape;
use crate::model::step::Step;
use crate::operator::{Gives, Machine};

pub(crate) fn check_steps(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    for (vertex, step) in pipeline.graph.vertices() {
        if !step.settings.problems.is_empty() || !pipeline.graph.has_output(vertex) {
            continue;
        }
        check_pairs(pipeline, vertex, step, diag);
        check_bounded(pipeline, vertex, step, diag);
        check_ordered(pipeline, vertex, step, diag);
        check_waits(pipeline, vertex, step, diag);
        check_typed(pipeline, vertex, step, diag);
        check_ports(pipeline, vertex, step, diag);
    }
    for vertex in 0..pipeline.nodes.len() + pipeline.graph.steps.len() {
        check_batch(pipeline, vertex, diag);
    }
}

/// Branches of one stream pair by record. One that multiplies or regroups has values that belong to no record of the
/// other, so that their partners never come.
fn check_pairs(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>, diag: &Diagnostics) {
    let name = |vertex: usize| name_of(pipeline, vertex);
    let origin = |fork: Fork| match fork {
        Fork::At(vertex) => format!("`{}`", name(vertex)),
        Fork::Sources => "the same sources".to_owned(),
    };
    let (why, instead) = match pipeline.pairing(vertex) {
        None | Some(Pairing::ByRecord { .. } | Pairing::ByArrival) => return,
        // Its own finding says it.
        Some(Pairing::Multiplied { culprit, .. })
            if pipeline.pairing(culprit).is_some_and(Pairing::is_refused) =>
        {
            return;
        }
        Some(Pairing::Multiplied { fork, culprit }) => (
            format!(
                "all come from {}, and `{}` does not give one value for one",
                origin(fork),
                name(culprit)
            ),
            format!(
                "zip before `{}`, or put the branches together with `combine_latest` or `union`",
                name(culprit)
            ),
        ),
        Some(Pairing::Doubled { fork }) => (
            format!(
                "a value of {} can come to one of them in more than one way",
                origin(fork)
            ),
            "zip before the `union`, so that each branch is one input".to_owned(),
        ),
        Some(Pairing::Mixed) => (
            "they have a source in common, and another that only some of them have".to_owned(),
            "zip branches of one node, or put them together with `combine_latest` or `union`"
                .to_owned(),
        ),
    };
    diag.report(
        &message::UNPAIRED,
        step.at,
        &[("why", &why), ("instead", &instead)],
    );
}

/// A record that is held is not committed, and nothing after it in its partition is.
fn check_bounded(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>, diag: &Diagnostics) {
    let Some(unbounded) = step.operator.unbounded else {
        return;
    };
    let bounded = unbounded
        .unless
        .is_some_and(|option| step.settings.has(option));
    // Branches pair by record, and a zip that goes round is refused for that.
    let paired = step.operator.machine == Machine::Joint("Zip")
        && pipeline.pairing(vertex) != Some(Pairing::ByArrival);
    if bounded || paired || step.settings.has("hold") || !pipeline.is_over_kafka(vertex) {
        return;
    }
    let whose = super::reach::what_leaks(pipeline, vertex);
    // The step behind a source that reads in batches is written as an option of the source, which cannot say `hold`.
    let batch = &pipeline.nodes[step.owner].written.options.batch;
    let (at, operator, instead) = match batch.given() {
        Some(batch) => (
            batch,
            "batch",
            "write `within = \"1s\"` beside it, so that a short batch goes on after that time"
                .to_owned(),
        ),
        None => (
            step.at,
            step.operator.name,
            format!("{}; or write `hold` if that is meant", unbounded.instead),
        ),
    };
    let words: [(&str, &dyn Display); 4] = [
        ("operator", &operator),
        ("what", &unbounded.what),
        ("whose", &whose),
        ("instead", &instead),
    ];
    diag.report(&message::UNBOUNDED, at, &words);
}

/// A window over values in any order is over other values at each run.
fn check_ordered(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>, diag: &Diagnostics) {
    let by_record = matches!(pipeline.pairing(vertex), Some(Pairing::ByRecord { .. }));
    let ordered = step.operator.ordered && step.has_state() && !by_record;
    if ordered && !step.settings.has("any_order") {
        report_order_lost(pipeline, vertex, step.operator.name, step.at, diag);
    }
}

/// Tells the nearest node before a vertex that gives the order up, if there is one.
pub(super) fn report_order_lost(
    pipeline: &Pipeline<'_>,
    vertex: usize,
    what: &str,
    at: &syn::Ident,
    diag: &Diagnostics,
) {
    let upstream = pipeline.graph.upstream(vertex).into_iter();
    let mut before = upstream.filter(|before| *before != vertex);
    let culprit = before.find_map(|before| {
        let node = pipeline.node(before)?;
        (node.asynchronous && node.concurrency() > 1).then_some(node)
    });
    if let Some(culprit) = culprit {
        let count = culprit.concurrency();
        let words: [(&str, &dyn Display); 3] = [
            ("operator", &what),
            ("node", culprit.name),
            ("count", &count),
        ];
        diag.report(&message::ORDER_LOST, at, &words);
    }
}

/// `buffer` and `latest` say how values wait; in front of what takes each at once they say nothing, and two of them in front
/// of the same cannot both be right.
fn check_waits(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>, diag: &Diagnostics) {
    if step.operator.machine != Machine::Wait {
        return;
    }
    for edge in pipeline.graph.out_of(vertex) {
        let waits = match pipeline.graph.step(edge.to) {
            Some(next) => next.operator.machine == Machine::State("RateLimit"),
            None => pipeline.nodes[edge.to].asynchronous,
        };
        if !waits {
            let next = name_of(pipeline, edge.to);
            let words: [(&str, &dyn Display); 2] =
                [("operator", &step.operator.name), ("next", &next)];
            diag.report(&message::NOTHING_WAITS, step.at, &words);
            continue;
        }
        let beside = pipeline.graph.leading_to(edge.to, edge.port);
        let mut earlier = beside.filter(|other| other.from < vertex);
        let other = earlier.find_map(|other| {
            let step = pipeline.graph.step(other.from)?;
            (step.operator.machine == Machine::Wait).then_some(step.operator.name)
        });
        if let Some(other) = other {
            let next = name_of(pipeline, edge.to);
            let words: [(&str, &dyn Display); 3] = [
                ("operator", &step.operator.name),
                ("other", &other),
                ("next", &next),
            ];
            diag.report(&message::TWO_WAITS, step.at, &words);
        }
    }
}

/// A step has to name the type of its values; that of a field can be had only from the node that takes it in the end.
fn check_typed(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>, diag: &Diagnostics) {
    if step.gives() != Gives::Part {
        return;
    }
    let Some(next) = pipeline.graph.out_of(vertex).next() else {
        return;
    };
    let mut here = next.to;
    let mut first = None;
    while let Some(later) = pipeline.graph.step(here) {
        if later.is_called() && first.is_none() {
            first = Some(later.operator.name);
        }
        if let (Gives::Elements | Gives::Part, Some(operator)) = (later.gives(), first) {
            let words: [(&str, &dyn Display); 2] =
                [("operator", &operator), ("after", &later.operator.name)];
            return diag.report(&message::TYPE_UNKNOWN, step.at, &words);
        }
        let Some(edge) = pipeline.graph.out_of(here).next() else {
            return;
        };
        here = edge.to;
    }
}

/// `emit_on` names inputs of its own step.
fn check_ports(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>, diag: &Diagnostics) {
    let Some(Setting::Ports(names)) = step.settings.get("emit_on") else {
        return;
    };
    for name in names {
        if pipeline.port_named(vertex, name).is_none() {
            let words: [(&str, &dyn Display); 3] = [
                ("operator", &step.operator.name),
                (
                    "wanted",
                    &"`emit_on`: the name of one of its inputs, or a list of them in brackets",
                ),
                ("example", &step.operator.example),
            ];
            diag.report(&attribute::OPERATOR_ARGUMENTS, name, &words);
        }
    }
}

/// The rows of a batch keep their own offsets: they can come only from what makes batches.
fn check_batch(pipeline: &Pipeline<'_>, vertex: usize, diag: &Diagnostics) {
    // Of what takes either, but not both: a step hands on what it is given, an element-wise node a collection as well.
    let either = pipeline
        .node(vertex)
        .is_none_or(|node| matches!(node.kind, Kind::ForeachMap | Kind::ForeachAsync));
    // Where a `Batch` does not belong, that is told.
    let elsewhere = pipeline.node(vertex).is_some_and(|node| {
        node.input.mode == Mode::Batch && !matches!(node.kind, Kind::Map | Kind::Sink)
    });
    if elsewhere || !pipeline.takes_rows(vertex) {
        return;
    }
    let edges: Vec<_> = pipeline.graph.leading_to(vertex, 0).collect();
    let shapes = || edges.iter().map(|edge| pipeline.shape(edge.from));
    let plain = edges
        .iter()
        .find(|edge| pipeline.shape(edge.from) == Shape::One);
    let mixed = shapes().any(|shape| shape == Shape::Rows);
    let Some(plain) = plain.filter(|_| mixed || !either) else {
        return;
    };
    let given = match mixed {
        true => "single values as well",
        false => "one value at a time",
    };
    let from = match pipeline.node(plain.from) {
        Some(node) => node.name.to_string(),
        None => "…".to_owned(),
    };
    let node = name_of(pipeline, vertex);
    let words: [(&str, &dyn Display); 3] = [("node", &node), ("given", &given), ("from", &from)];
    diag.report(&message::NOT_A_BATCH, plain.at, &words);
}

pub(super) fn name_of(pipeline: &Pipeline<'_>, vertex: usize) -> String {
    match pipeline.graph.step(vertex) {
        Some(step) => step.operator.name.to_owned(),
        None => pipeline.nodes[vertex].name.to_string(),
    }
}
