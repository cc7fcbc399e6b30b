//! What stands after `from`: names that exist, operators that exist, each node once, no sinks.

use std::fmt::Display;

use syn::Ident;

use crate::diag::Diagnostics;
use crate::message::{attribute, graph as message};
use crate::model::Pipeline;
use crate::model::graph::Edge;
use crate::model::kind::Kind;
use crate::model::step::Step;
use crate::operator;
use crate::suggest;
use crate::symbol;

pub(crate) fn check_edges(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    check_known(pipeline, diag);
    check_not_from_sinks(pipeline, diag);
    check_operators(pipeline, diag);
    for (index, _) in pipeline.nodes.iter().enumerate() {
        check_taken_once(pipeline, index, diag);
    }
}

/// A name that is not a node's would be a cryptic "cannot find value" deep in generated code.
fn check_known(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    for unknown in &pipeline.graph.unknown {
        let instead = match unknown.near {
            Some(near) => format!("did you mean `{near}`?"),
            None => match suggest::nearest(&unknown.at.to_string(), symbol::operator_words()) {
                Some(word) => format!("did you mean the option `{word}`?"),
                None => format!("the nodes that give values are {}", givers(pipeline)),
            },
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
    let givers = pipeline.nodes.iter().filter(|node| node.kind.gives());
    let names: Vec<String> = givers.map(|node| node.name.to_string()).collect();
    suggest::listed(names.iter().map(String::as_str))
}

/// A sink answers a receipt, not a value: there is nothing to take.
fn check_not_from_sinks(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    for edge in &pipeline.graph.edges {
        let from = pipeline.node(edge.from);
        if let Some(sink) = from.filter(|node| !node.kind.gives()) {
            let feeding = format!("what feeds `{}`", sink.name);
            let (what, why, other) = match sink.kind {
                Kind::Healed => (
                    "a `#[healed]` function",
                    "it is called with offsets, beside the graph",
                    "another node",
                ),
                _ => (
                    "a sink",
                    "a sink is where a record is finished",
                    feeding.as_str(),
                ),
            };
            let words: [(&str, &dyn Display); 4] = [
                ("node", sink.name),
                ("what", &what),
                ("why", &why),
                ("other", &other),
            ];
            diag.report(&message::FROM_A_SINK, edge.at, &words);
        }
    }
}

/// A node that is named twice would bring each value twice, which nobody means by `union`. A value beside something made
/// of it is another matter: `order.zip(order.pluck(total))`.
fn check_taken_once(pipeline: &Pipeline<'_>, node: usize, diag: &Diagnostics) {
    let graph = &pipeline.graph;
    let mut seen: Vec<&Edge<'_>> = Vec::new();
    for edge in &graph.edges {
        let own = edge.to == node || graph.step(edge.to).is_some_and(|step| step.owner == node);
        // A step's edge bears the operator's name, which a node may have as well. That of a source's batches bears the source's.
        let named = graph
            .step(edge.from)
            .is_none_or(|step| pipeline.nodes[step.owner].kind.is_source());
        // The step behind a source that reads in batches stands in no `from`.
        let written = edge.from != node || edge.to == node;
        if !own || !named || !written {
            continue;
        }
        let mut earlier = seen.iter().filter(|earlier| earlier.at == edge.at);
        let twice = earlier.any(|earlier| !meet_at_inputs(pipeline, earlier, edge));
        if twice && edge.at != pipeline.nodes[node].name {
            diag.report(&message::TAKEN_TWICE, edge.at, &[("node", edge.at)]);
        }
        seen.push(edge);
    }
}

/// Whether two ways of one node meet at different inputs of a step, where one of them has become something else.
fn meet_at_inputs(pipeline: &Pipeline<'_>, one: &Edge<'_>, other: &Edge<'_>) -> bool {
    let (one, other) = (way(pipeline, one), way(pipeline, other));
    let meeting = one.iter().enumerate().find_map(|(index, (vertex, port))| {
        let same = other.iter().enumerate();
        let mut same = same.filter(|(_, (other, _))| other == vertex);
        same.next()
            .map(|(at, (_, other))| (index + at, port != other))
    });
    meeting.is_some_and(|(steps, apart)| apart && steps > 0)
}

/// The steps that a way leads through, each with the input it comes to, and the node at its end.
fn way(pipeline: &Pipeline<'_>, start: &Edge<'_>) -> Vec<(usize, usize)> {
    let mut way = vec![(start.to, start.port)];
    let mut here = start.to;
    while pipeline.graph.step(here).is_some() {
        let Some(next) = pipeline.graph.out_of(here).next() else {
            break;
        };
        way.push((next.to, next.port));
        here = next.to;
    }
    way
}

/// An operator that is not understood must not be passed over: it changes what arrives.
fn check_operators(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    for name in &pipeline.graph.misnamed {
        check_operator_exists(name, diag);
    }
    for step in &pipeline.graph.steps {
        if takes_a_word_for_an_option(pipeline, step) {
            continue;
        }
        for problem in &step.settings.problems {
            let words = problem.words.iter();
            let words: Vec<(&str, &dyn Display)> = words
                .map(|(name, word)| (*name, word as &dyn Display))
                .collect();
            diag.report(problem.message, problem.caret.clone(), &words);
        }
    }
}

/// A node that is named as an option was meant: its name is told, and what then is missing here is not.
fn takes_a_word_for_an_option(pipeline: &Pipeline<'_>, step: &Step<'_>) -> bool {
    let mut names = pipeline.nodes.iter().map(|node| node.name);
    names.any(|name| {
        symbol::instead_of_operator_word(name).is_some() && step.settings.has(&name.to_string())
    })
}

fn check_operator_exists(name: &Ident, diag: &Diagnostics) {
    let written = name.to_string();
    let operators =
        suggest::listed(operator::names().filter(|name| !operator::LATER.contains(name)));
    if operator::LATER.contains(&written.as_str()) {
        let words: [(&str, &dyn Display); 2] = [("operator", name), ("operators", &operators)];
        return diag.report(&attribute::LATER_OPERATOR, name, &words);
    }
    let instead = match suggest::nearest(&written, operator::names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {operators}"),
    };
    let words: [(&str, &dyn Display); 2] = [("operator", name), ("instead", &instead)];
    diag.report(&attribute::UNKNOWN_OPERATOR, name, &words);
}
