//! What operators lose that no single function shows: pairs that never meet, records that are held for ever, an order
//! that was given up, and steps that have nothing to do where they stand.

use std::fmt::Display;

use crate::diag::Diagnostics;
use crate::message::{attribute, operator as message};
use crate::model::Pipeline;
use crate::model::kind::Kind;
use crate::model::pairing::Pairing;
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
    for vertex in 0..pipeline.nodes.len() {
        check_batch(pipeline, vertex, diag);
    }
}

/// Branches of one stream pair by record. One that multiplies or regroups has values that belong to no record of the
/// other, so that their partners never come.
fn check_pairs(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>, diag: &Diagnostics) {
    let name = |vertex: usize| name_of(pipeline, vertex);
    let (why, instead) = match pipeline.pairing(vertex) {
        None | Some(Pairing::ByRecord { .. } | Pairing::ByArrival) => return,
        Some(Pairing::Multiplied { fork, culprit }) => (
            format!(
                "all come from `{}`, and `{}` does not give one value for one",
                name(fork),
                name(culprit)
            ),
            format!(
                "zip before `{}`, or put the branches together with `combine_latest` or `union`",
                name(culprit)
            ),
        ),
        Some(Pairing::Doubled { fork }) => (
            format!("each value of `{}` comes twice to one of them", name(fork)),
            "zip before the `union`, so that each branch is one input".to_owned(),
        ),
        Some(Pairing::Mixed) => (
            "some come from the same source, and some records reach only one of them".to_owned(),
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
    let paired = matches!(pipeline.pairing(vertex), Some(pairing) if pairing != Pairing::ByArrival)
        || step.operator.machine == Machine::Joint("Zip") && step.inputs() < 2;
    if bounded || paired || step.settings.has("hold") || !pipeline.is_over_kafka(vertex) {
        return;
    }
    let whose = super::reach::what_leaks(pipeline, vertex);
    let words: [(&str, &dyn Display); 4] = [
        ("operator", &step.operator.name),
        ("what", &unbounded.what),
        ("whose", &whose),
        ("instead", &unbounded.instead),
    ];
    diag.report(&message::UNBOUNDED, step.at, &words);
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

/// `buffer` and `latest` say how values wait; in front of what takes each at once they say nothing.
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
        }
    }
}

/// A step with a state has to name the type of its values; that of a field can be had only from the node that takes it.
fn check_typed(pipeline: &Pipeline<'_>, vertex: usize, step: &Step<'_>, diag: &Diagnostics) {
    if step.gives() != Gives::Part {
        return;
    }
    let Some(next) = pipeline.graph.out_of(vertex).next() else {
        return;
    };
    let mut here = next.to;
    let mut holder = None;
    while let Some(step) = pipeline.graph.step(here) {
        if step.has_state() && holder.is_none() {
            holder = Some(step.operator.name);
        }
        if let (Gives::Elements | Gives::Part, Some(operator)) = (step.gives(), holder) {
            let words: [(&str, &dyn Display); 2] =
                [("operator", &operator), ("after", &step.operator.name)];
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
    let node = &pipeline.nodes[vertex];
    let foreach = matches!(node.kind, Kind::ForeachMap | Kind::ForeachAsync);
    if !pipeline.takes_rows(vertex) {
        return;
    }
    let edges: Vec<_> = pipeline.graph.leading_to(vertex, 0).collect();
    let shapes = || edges.iter().map(|edge| pipeline.shape(edge.from));
    let plain = edges
        .iter()
        .find(|edge| pipeline.shape(edge.from) == Shape::One);
    let mixed = shapes().any(|shape| shape == Shape::Rows);
    // An element-wise node takes a plain collection as well, but not both.
    let Some(plain) = plain.filter(|_| mixed || !foreach) else {
        return;
    };
    let given = match mixed {
        true => "single values as well",
        false => "one value at a time",
    };
    let from = name_of(pipeline, plain.from);
    let words: [(&str, &dyn Display); 3] =
        [("node", node.name), ("given", &given), ("from", &from)];
    diag.report(&message::NOT_A_BATCH, plain.at, &words);
}

fn name_of(pipeline: &Pipeline<'_>, vertex: usize) -> String {
    match pipeline.graph.step(vertex) {
        Some(step) => step.operator.name.to_owned(),
        None => pipeline.nodes[vertex].name.to_string(),
    }
}
