//! Dead letters and breakers: whether there is a record to write, whether it comes back, and whether a breaker counts
//! anything.

use std::fmt::Display;

use crate::diag::Diagnostics;
use crate::message::{attribute, graph as message};
use crate::model::{Pipeline, kind::Kind, node::Node};
use crate::parse::value::DeadLetter;

use super::options::is_topic;

/// A dead letter has to be written somewhere from where it does not come back at once, and there has to be a record.
pub(crate) fn check_letters(pipeline: &Pipeline<'_>, diag: &Diagnostics) {
    for (index, node) in pipeline.nodes.iter().enumerate() {
        for letter in node.dead_letters() {
            check_topic(pipeline, node, letter, diag);
            if !pipeline.graph.uncertain && !node.written.ambiguous {
                check_record(pipeline, index, letter, diag);
            }
        }
    }
}

/// A record that fails and is read again fails again.
fn check_topic(pipeline: &Pipeline<'_>, node: &Node<'_>, letter: &DeadLetter, diag: &Diagnostics) {
    let Some(topic) = &letter.topic else {
        return;
    };
    let name = topic.value();
    if !is_topic(&name) {
        return diag.report(&attribute::NOT_A_TOPIC, topic, &[("topic", &name)]);
    }
    let sources = pipeline.nodes.iter();
    let mut read = sources
        .filter(|node| node.kind == Kind::Source)
        .flat_map(|node| node.topics());
    if read.any(|read| read.value() == name) {
        let words: [(&str, &dyn Display); 2] = [("node", node.name), ("topic", &name)];
        diag.report(&message::READS_LETTERS, topic, &words);
    }
}

/// Bytes and position are known of what was read from Kafka, and of nothing else.
fn check_record(pipeline: &Pipeline<'_>, index: usize, letter: &DeadLetter, diag: &Diagnostics) {
    let node = &pipeline.nodes[index];
    let upstream = pipeline.graph.upstream(index).into_iter();
    let mut nodes = upstream.filter_map(|vertex| pipeline.node(vertex));
    let other = nodes.find(|node| node.kind.is_source() && node.kind != Kind::Source);
    let (why, instead) = match (pipeline.is_over_kafka(index), other) {
        (false, _) if node.kind == Kind::Healed => (
            format!("`{}` is called with the offsets of a commit", node.name),
            "write `halt` or `skip`",
        ),
        (false, None) => return,
        (false, Some(other)) => (
            format!("what comes from `{}` is none", other.name),
            "write `halt` or `skip`, or feed it from a topic",
        ),
        (true, Some(other)) if letter.topic.is_none() => (
            format!(
                "the topic without a name is `<topic>.<group>.dlq`: what comes from `{}` has no topic",
                other.name
            ),
            "name one, such as `dead_letter(\"failed\")`",
        ),
        (true, _) => return,
    };
    let words: [(&str, &dyn Display); 3] =
        [("node", node.name), ("why", &why), ("instead", &instead)];
    diag.report(&message::NO_LETTER, &letter.word, &words);
}

/// Where the first failure halts, there is never a second one to count.
pub(crate) fn check_breaker(node: &Node<'_>, diag: &Diagnostics) {
    let options = &node.written.options;
    let unread = options.on_error.given().is_some() && options.on_error.value().is_none();
    let counts = node.policy().goes_on() || unread || options.incomplete;
    if let Some(breaker) = options.breaker.given().filter(|_| !counts) {
        let words: [(&str, &dyn Display); 1] = [("node", node.name)];
        diag.report(&attribute::BREAKER_OF_NOTHING, breaker, &words);
    }
}
