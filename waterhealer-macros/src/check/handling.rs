//! How calls are made, and made again: options that would do nothing, or undo one another.

use std::fmt::Display;

use quote::ToTokens;

use crate::diag::Diagnostics;
use crate::message::{function, handling as message};
use crate::model::Pipeline;
use crate::model::kind::Kind;
use crate::model::node::Node;
use crate::model::step::Step;
use crate::parse::handling::Order;
use crate::suggest;

pub(crate) fn check_handling(node: &Node<'_>, diag: &Diagnostics) {
    check_blocking(node, diag);
    check_timeout(node, diag);
    check_retry(node, diag);
    check_order(node, diag);
}

/// What a flush writes is what its sink has buffered, and it is called with nothing but what is shared.
pub(super) fn check_flush(pipeline: &Pipeline<'_>, node: &Node<'_>, diag: &Diagnostics) {
    let options = &node.written.options;
    let (Some(option), Some(name)) = (options.flush.given(), options.flush.value()) else {
        return;
    };
    let report = |caret: &dyn ToTokens, headline: &str, why: &str, instead: &str| {
        let words: [(&str, &dyn Display); 3] = [
            ("headline", &headline),
            ("why", &why),
            ("instead", &instead),
        ];
        diag.report(&message::FLUSH_OF_WHAT, caret, &words);
    };
    if node.kind == Kind::KafkaSink {
        return report(
            option,
            "a sink that produces to Kafka needs no `flush`",
            "its records are finished when the broker has acknowledged their messages, and not before",
            "take `flush` out",
        );
    }
    if pipeline.nodes.iter().any(|node| node.name == name) {
        return report(
            name,
            &format!("`{name}` is a node"),
            "a flush stands beside the graph: it is called before each commit, with nothing but what is shared",
            "write a function of its own, without a node attribute",
        );
    }
    let Some(flush) = &node.flush else {
        let functions = pipeline.module.declared();
        let functions = functions.filter(|(keyword, _)| keyword == "fn");
        let names: Vec<String> = functions.map(|(_, name)| name.to_string()).collect();
        let near = suggest::nearest(&name.to_string(), names.iter().map(String::as_str));
        let instead = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "write `fn {name}(…) -> Result<(), E>` in the module, with what it shares with the sink, such as `db: &Db`"
            ),
        };
        let why = "a flush is a function of the module, which is called before each commit with what is shared";
        return report(
            name,
            &format!("there is no function `{name}` here"),
            why,
            &instead,
        );
    };
    let generics = &flush.signature.generics;
    if !generics.params.is_empty() {
        let words: [(&str, &dyn Display); 1] = [("node", name)];
        diag.report(&function::GENERIC, &generics.params, &words);
    }
}

/// An async function that blocks would block the pool that all others wait in.
fn check_blocking(node: &Node<'_>, diag: &Diagnostics) {
    let option = node.written.options.blocking.given();
    if let Some(option) = option.filter(|_| node.asynchronous) {
        diag.report(&message::BLOCKING_ASYNC, option, &[("node", node.name)]);
    }
}

/// What runs on the lane cannot be left alone by it.
fn check_timeout(node: &Node<'_>, diag: &Diagnostics) {
    let option = node.written.options.timeout.given();
    if let Some(option) = option.filter(|_| !node.waits()) {
        let words: [(&str, &dyn Display); 1] = [("node", node.name)];
        diag.report(&message::TIMEOUT_WITHOUT_WAITING, option, &words);
    }
}

/// What cannot fail is never called again.
fn check_retry(node: &Node<'_>, diag: &Diagnostics) {
    let options = &node.written.options;
    if node.answer.fallible {
        return;
    }
    let report = |option: &dyn ToTokens, name: &str, timeout: &str| {
        let words: [(&str, &dyn Display); 3] = [
            ("node", node.name),
            ("option", &name),
            ("timeout", &timeout),
        ];
        diag.report(&message::NOTHING_TO_RETRY, option, &words);
    };
    match (options.retry.given(), options.timeout.given()) {
        (Some(option), None) => {
            let timeout = if node.waits() {
                " and has no `timeout`"
            } else {
                ""
            };
            report(option, "retry", timeout);
        }
        (Some(_), Some(_)) => {
            if let Some(on) = node.retry().and_then(|retry| retry.on.as_ref()) {
                report(on, "on", "");
            }
        }
        (None, _) => {}
    }
}

/// Between calls of which there is one at a time there is nothing to choose.
fn check_order(node: &Node<'_>, diag: &Diagnostics) {
    let options = &node.written.options;
    let Some(option) = options.order_by.given() else {
        return;
    };
    if node.is_concurrent() || options.retry.given().is_some() || options.incomplete {
        return;
    }
    let (reason, instead) = match node.waits() {
        true => (
            "there is never more than one",
            "say how many there may be, `concurrency = 64`, or take `order_by` out",
        ),
        false => (
            "here each one ends before the next begins",
            "take `order_by` out; or make it an `async fn` or `blocking`, with `concurrency`",
        ),
    };
    let words: [(&str, &dyn Display); 3] = [
        ("node", node.name),
        ("reason", &reason),
        ("instead", &instead),
    ];
    diag.report(&message::NO_ORDER_TO_CHOOSE, option, &words);
}

/// In front of a node whose calls wait for one another, `buffer` has nothing to add, and `latest` would drop values of one
/// partition for those of another.
pub(super) fn check_waits_before(
    pipeline: &Pipeline<'_>,
    step: &Step<'_>,
    next: usize,
    diag: &Diagnostics,
) {
    let Some(node) = pipeline.node(next).filter(|node| node.takes_turns()) else {
        return;
    };
    let operator = step.operator.name;
    let reason = match (operator, node.order()) {
        ("buffer", Order::None) => return,
        ("buffer", _) => {
            "what waits for its turn holds nobody else up, and is bounded by `max_in_flight` of each partition"
        }
        _ => {
            "a value that waits for its turn or its next attempt must not be dropped for one that came later"
        }
    };
    let words: [(&str, &dyn Display); 3] = [
        ("operator", &operator),
        ("node", node.name),
        ("reason", &reason),
    ];
    diag.report(&message::WAITS_ELSEWHERE, step.at, &words);
}

/// Why values leave a node in another order than they came, and what to write to keep it.
pub(super) fn how_order_is_lost(node: &Node<'_>) -> (String, String) {
    let name = node.name;
    let written = &node.written.options;
    let keeps = format!("write `order_by = partition` on `{name}`");
    match node.order() {
        Order::Key => (
            format!(
                "`order_by = key` keeps calls of `{name}` in order for each key, and not those for different ones"
            ),
            keeps,
        ),
        _ if !node.is_concurrent() => (
            format!(
                "with `order_by = none`, `{name}` lets other records pass one that waits for its next attempt"
            ),
            format!("take `order_by` out of `{name}`"),
        ),
        _ => {
            let how_many = match written.concurrency.value() {
                Some(count) => format!("`concurrency = {count}`"),
                None => "`blocking`".to_owned(),
            };
            (
                format!("calls of `{name}` end in any order with {how_many}"),
                keeps,
            )
        }
    }
}
