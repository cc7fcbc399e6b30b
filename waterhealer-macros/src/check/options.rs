//! Options that are well written, one by one, and still do not make sense: together, or on this node.

use std::fmt::Display;

use quote::ToTokens;
use syn::LitStr;

use crate::diag::Diagnostics;
use crate::message::{attribute as message, graph};
use crate::model::{Pipeline, kind::Kind, node::Node};

pub(crate) fn check_options(node: &Node<'_>, diag: &Diagnostics) {
    check_concurrency(node, diag);
    check_properties(node, diag);
    if node.kind.is_source() {
        check_source_of_one(node, diag);
        check_within(node, diag);
    }
}

/// A function that is not async ends before the next call begins, whatever number is written.
fn check_concurrency(node: &Node<'_>, diag: &Diagnostics) {
    if let Some(option) = node
        .written
        .options
        .concurrency
        .given()
        .filter(|_| !node.asynchronous)
    {
        diag.report(
            &message::CONCURRENCY_WITHOUT_ASYNC,
            option,
            &[("node", node.name)],
        );
    }
}

/// A source is fed in one way: from one topic, from a list, from files, or by hand.
fn check_source_of_one(node: &Node<'_>, diag: &Diagnostics) {
    let options = &node.written.options;
    let ways = [
        options.topic.given(),
        options.topics.given(),
        options.emit.given(),
        options.lines.given(),
        options.files.given(),
    ];
    let mut ways = ways.into_iter().flatten();
    let properties = options
        .properties
        .given()
        .filter(|_| node.kind != Kind::Source);
    let (caret, problem) = match (ways.next(), ways.next(), properties) {
        (None, ..) if options.incomplete => return,
        (None, ..) => (node.written.attribute.to_token_stream(), "nothing"),
        (Some(_), Some(second), _) => (second.to_token_stream(), "from two places"),
        (_, _, Some(properties)) => {
            let problem = match node.kind {
                Kind::EmitSource => "from nowhere, so it has no `properties` of Kafka",
                _ => "files, so it has no `properties` of Kafka",
            };
            (properties.to_token_stream(), problem)
        }
        _ => return,
    };
    diag.report(&message::SOURCE_OF_WHAT, caret, &[("problem", &problem)]);
}

/// A time alone makes no batches, and would be passed over in silence.
fn check_within(node: &Node<'_>, diag: &Diagnostics) {
    let options = &node.written.options;
    let alone = options.batch.given().is_none() && !options.incomplete;
    if let Some(option) = options.within.given().filter(|_| alone) {
        let words: [(&str, &dyn Display); 1] = [("node", node.name)];
        diag.report(&message::WITHIN_WITHOUT_BATCH, option, &words);
    }
}

/// Properties that are not a source's to set: name, why, what instead.
const REFUSED: &[(&str, &str, &str)] = &[
    (
        "enable.auto.commit",
        "the pipeline commits what is finished; the client would commit what is merely read",
        "take it out",
    ),
    (
        "enable.auto.offset.store",
        "the pipeline commits what is finished; the client would store what is merely read",
        "take it out",
    ),
    (
        "group.id",
        "a pipeline is one group, whatever the number of its sources",
        "write `#[pipeline(group = \"…\")]`, or set the group in the configuration",
    ),
    ("bootstrap.servers", ELSEWHERE, CONFIGURE),
    ("metadata.broker.list", ELSEWHERE, CONFIGURE),
];
const ELSEWHERE: &str =
    "brokers differ between machines, and one program has to run on all of them";
const CONFIGURE: &str = "set `KAFKA_BOOTSTRAP_SERVERS`, `bootstrap.servers` under `[kafka]` in `waterhealer.toml`, or `--brokers`";

/// Some properties would undo the promise, others belong to the configuration.
fn check_properties(node: &Node<'_>, diag: &Diagnostics) {
    let mut seen: Vec<String> = Vec::new();
    for property in node.properties() {
        let name = property.name.value();
        if let Some((_, why, instead)) = REFUSED.iter().find(|(refused, ..)| *refused == name) {
            diag.report(
                &message::REFUSED_PROPERTY,
                &property.name,
                &[("property", &name), ("why", why), ("instead", instead)],
            );
        }
        if seen.contains(&name) {
            diag.report(&message::GIVEN_TWICE, &property.name, &[("option", &name)]);
        }
        seen.push(name);
    }
}

/// Topics have names that Kafka takes, and each is read by one source.
pub(crate) fn check_topics(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    let mut read: Vec<LitStr> = Vec::new();
    for node in &pipeline.nodes {
        for topic in node.topics() {
            let name = topic.value();
            if !is_topic(&name) {
                diag.report(&message::NOT_A_TOPIC, topic, &[("topic", &name)]);
            } else if node.kind == Kind::Source
                && read.iter().any(|earlier| earlier.value() == name)
            {
                diag.report(&graph::SAME_TOPIC, topic, &[("topic", &name)]);
            }
            if node.kind == Kind::Source {
                read.push(topic.clone());
            }
        }
    }
}

pub(super) fn is_topic(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=249).contains(&name.len()) && name.bytes().all(allowed) && name != "." && name != ".."
}
