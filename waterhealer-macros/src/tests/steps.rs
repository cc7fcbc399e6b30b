//! The rules about operators where they stand: what they hold, what order they need, what they are put in front of. What
//! stands in their parentheses is in `parentheses`, how zips pair in `pairing`.

use super::{assert_findings, messages};

const ORDER: &str = "#[source(topic = \"orders\")] fn order(record: &Record<'_>) -> A { x }";
const RATE: &str = "#[source(topic = \"rates\")] fn rate(record: &Record<'_>) -> A { x }";

/// A sink over `order`, and over `rate` where it is named.
pub(super) fn over(from: &str) -> String {
    let rate = if from.contains("rate") && !from.contains("rate_limit") {
        RATE
    } else {
        ""
    };
    format!("{ORDER} {rate} #[sink(from = {from})] async fn end(x: B) {{}}")
}

pub(super) fn told(from: &str, expected: &[(&str, &str)]) {
    assert_findings(&[(&over(from), expected)]);
}

/// What is said first of a program.
pub(super) fn said(contents: &str) -> String {
    let found = messages("", &format!("mod x {{ {contents} }}"));
    found[0].2.clone()
}

#[test]
fn every_operator_is_accepted() {
    for from in [
        "order.union(rate)",
        "order.checkpoint()",
        "order.union(rate).checkpoint()",
        "order.buffer(5).checkpoint()",
        "order.checkpoint().partition(5, hold).checkpoint()",
        "order.partition(5, within = \"1s\")",
        "order.partition(n = 5, hold)",
        "order.partition(5, \"1s\")",
        "order.partition(within = \"1s\", n = 5)",
        "order.partition_time(\"1s\")",
        "order.timed_window(\"500ms\")",
        "order.sliding_window(3)",
        "order.sliding_window(3, partial = true, any_order)",
        "order.collect(flush = rate, hold)",
        "order.collect(rate.slice(step = 100), hold)",
        "order.collect(flush = order.slice(0, step = 100), hold)",
        "order.flatten()",
        "order.pluck(total)",
        "order.pluck(0)",
        "order.pluck([total, 0])",
        "order.slice()",
        "order.slice(0, 100, 2)",
        "order.slice(end = 100)",
        "order.unique()",
        "order.unique(history = 10, key = |x| x.id)",
        "order.unique(key = id_of)",
        "order.unique(10, id_of)",
        "order.zip(\"a\", -5, 'c', 1.5)",
        "order.zip(rate, hold)",
        "order.zip_latest(rate, hold)",
        "order.combine_latest(rate)",
        "order.combine_latest(rate, emit_on = order)",
        "order.combine_latest(rate.unique(), emit_on = [rate, order])",
        "order.delay(\"5s\")",
        "order.rate_limit(\"10ms\")",
        "order.buffer(5)",
        "order.latest()",
        "order.buffer(5).rate_limit(\"10ms\")",
        "(order.delay(\"1s\"))",
    ] {
        told(from, &[]);
    }
}

#[test]
fn what_is_held_for_ever_says_so() {
    for (from, operator) in [
        ("order.partition(5)", "partition"),
        ("order.delay(\"1s\").partition(5)", "partition"),
        ("order.collect(flush = rate)", "collect"),
        ("order.zip(rate)", "zip"),
        ("order.zip(rate, any_order)", "zip"),
        ("order.zip(\"x\", rate)", "zip"),
        ("order.zip_latest(rate)", "zip_latest"),
        ("order.zip_latest(order.delay(\"1s\"))", "zip_latest"),
    ] {
        told(from, &[("WH0102", operator)]);
    }
    let text = said(&over("order.zip(rate)"));
    assert!(
        text.contains("offsets of `orders` and `rates`, and all after them"),
        "{text}"
    );
    assert!(text.ends_with("or write `hold` if that is meant"), "{text}");
    // A batch of a source is no operator in anybody's `from`, where `hold` could be said.
    let batched =
        "#[source(topic = \"orders\", batch = 5)] fn order(record: &Record<'_>) -> A { x }
         #[sink(from = order)] fn end(x: Vec<A>) {}";
    assert_findings(&[(batched, &[("WH0102", "batch")])]);
    assert!(said(batched).ends_with("goes on after that time"));
    assert_findings(&[(&batched.replace("= 5", "= 5, within = \"1s\""), &[])]);
}

#[test]
fn by_hand_nothing_is_held_for_ever() {
    for from in [
        "order.partition(5)",
        "order.collect(flush = rate)",
        "order.zip(rate)",
        "order.zip_latest(rate)",
        // Said where it changes nothing.
        "order.partition(5, hold)",
        "order.partition(5, within = \"1s\", hold)",
        "order.zip(order.delay(\"1s\"), hold, any_order)",
        "order.zip(\"x\", hold)",
    ] {
        let by_hand = over(from)
            .replace(
                "#[source(topic = \"orders\")] fn order(record: &Record<'_>)",
                "#[source(emit)] fn order(x: A)",
            )
            .replace(
                "#[source(topic = \"rates\")] fn rate(record: &Record<'_>)",
                "#[source(emit)] fn rate(x: A)",
            );
        assert_findings(&[(&by_hand, &[])]);
        // One of Kafka is enough.
        if from.contains("rate") {
            let one = over(from).replace(
                "#[source(topic = \"orders\")] fn order(record: &Record<'_>)",
                "#[source(emit)] fn order(x: A)",
            );
            let operator = from.split(['.', '(']).nth(1).expect("it has an operator");
            assert_findings(&[(&one, &[("WH0102", operator)])]);
        }
    }
    told("order.zip(order.delay(\"1s\"), hold)", &[]);
}

/// `busy` gives the order up.
fn after_busy(nodes: &str) -> String {
    format!(
        "{ORDER} #[map(from = order, concurrency = 8)] async fn busy(x: A) -> A {{ x }} {nodes}"
    )
}

#[test]
fn what_needs_order_is_not_given_any() {
    let sink = |from: &str| after_busy(&format!("#[sink(from = {from})] fn end(x: B) {{}}"));
    for (from, operator) in [
        ("busy.sliding_window(3)", "sliding_window"),
        (
            "busy.delay(\"1s\").unique().sliding_window(3)",
            "sliding_window",
        ),
        ("busy.combine_latest(order)", "combine_latest"),
        ("busy.zip_latest(order, hold)", "zip_latest"),
        (
            "busy.partition(5, hold).flatten().sliding_window(3)",
            "sliding_window",
        ),
    ] {
        assert_findings(&[(&sink(from), &[("WH0103", operator)])]);
        let silenced = match operator {
            "sliding_window" => from.replace("window(3", "window(3, any_order"),
            _ => from.replace("order", "order, any_order"),
        };
        assert_findings(&[(&sink(&silenced), &[])]);
    }
    let arrival = format!("{RATE} {}", sink("busy.zip(rate, hold)"));
    assert_findings(&[(&arrival, &[("WH0103", "zip")])]);
    assert_findings(&[(&arrival.replace("hold", "hold, any_order"), &[])]);
    // Told with the nearest that gives it up, by its number.
    let twice = after_busy(
        "#[map(from = busy, concurrency = 2)] async fn again(x: A) -> A { x }
         #[map(from = again)] fn plain(x: A) -> A { x }
         #[sink(from = plain.sliding_window(3))] fn end(x: B) {}",
    );
    assert_findings(&[(&twice, &[("WH0103", "sliding_window")])]);
    assert!(said(&twice).contains("calls of `again` end in any order with `concurrency = 2`"));
}

#[test]
fn order_is_kept_where_one_call_waits_for_another() {
    let sink = |from: &str| after_busy(&format!("#[sink(from = {from})] fn end(x: B) {{}}"));
    for accepted in [
        // By record there is nothing to slip.
        sink("busy.zip(order)"),
        sink("busy.zip(\"x\", 5)"),
        sink("busy.partition(5, within = \"1s\")"),
        sink("busy.unique()"),
        sink("busy.sliding_window(3)").replace("= 8", "= 1"),
        // Beside it, and after it.
        after_busy(
            "#[map(from = order.sliding_window(3))] fn window(x: B) -> A { x }
             #[map(from = window, concurrency = 8)] async fn after(x: A) -> A { x }
             #[sink(from = after.union(busy))] fn end(x: A) {}",
        ),
    ] {
        assert_findings(&[(&accepted, &[])]);
    }
}

#[test]
fn waiting_is_for_what_is_slow() {
    let plain = |from: &str| over(from).replace("async fn", "fn");
    for (from, caret) in [
        ("order.buffer(5)", "buffer"),
        ("order.latest()", "latest"),
        ("order.buffer(5).delay(\"1s\")", "buffer"),
        ("order.latest().union(rate)", "latest"),
        ("order.buffer(5).zip(order)", "buffer"),
        ("order.rate_limit(\"1s\").buffer(5)", "buffer"),
    ] {
        assert_findings(&[(&plain(from), &[("WH0107", caret)])]);
    }
    assert_findings(&[
        (&over("order.buffer(5).latest()"), &[("WH0107", "buffer")]),
        (&plain("order.buffer(5).rate_limit(\"1s\")"), &[]),
        (&over("order.buffer(5).union(rate)"), &[]),
        (&over("order.rate_limit(\"1s\").latest()"), &[]),
        // One place to wait, and two ways to.
        (
            &over("order.buffer(5).union(rate.latest())"),
            &[("WH0115", "latest")],
        ),
        (&over("order.union(rate).latest()"), &[]),
    ]);
    let two = "#[sink(from = order.latest())] fn end(x: A) {} #[sink(from = order.buffer(3))] async fn slow(x: A) {}";
    assert_findings(&[(&format!("{ORDER} {two}"), &[("WH0107", "latest")])]);
}

#[test]
fn a_field_has_a_type_where_a_node_takes_it() {
    for from in [
        "order.pluck(total).sliding_window(3).flatten()",
        "order.pluck(total).delay(\"1s\").pluck(cents)",
        "order.pluck(lines).flatten()",
        "order.pluck(total).pluck(cents)",
        "order.pluck(lines).delay(\"1s\").flatten()",
        "order.pluck(total).zip(order).pluck(0)",
    ] {
        told(from, &[("WH0108", "pluck")]);
    }
    for from in [
        "order.pluck(total)",
        "order.pluck(total).sliding_window(3)",
        "order.pluck(total).partition(3, hold).delay(\"1s\")",
        "order.pluck(total).zip(\"x\").unique()",
        "order.pluck(total).union(rate)",
        "order.flatten().pluck(total)",
        "order.sliding_window(3).flatten().pluck(total).unique()",
    ] {
        told(from, &[]);
    }
}

#[test]
fn batches_are_made_by_what_makes_them() {
    let map = |from: &str| {
        format!(
            "{ORDER} #[map(from = {from})] fn rows(x: Batch<A>) -> Batch<A> {{ x }}
             #[sink(from = rows)] fn end(x: Batch<A>) -> Done {{ x }}"
        )
    };
    for from in [
        "order.partition(3, hold)",
        "order.partition_time(\"1s\")",
        "order.timed_window(\"1s\")",
        "order.sliding_window(3)",
        "order.partition_time(\"1s\").delay(\"1s\")",
    ] {
        assert_findings(&[(&map(from), &[])]);
    }
    for (from, caret) in [
        ("order", "order"),
        ("order.delay(\"1s\")", "delay"),
        ("order.partition_time(\"1s\").flatten()", "flatten"),
        ("order.partition_time(\"1s\").zip(\"x\")", "zip"),
        ("order.partition_time(\"1s\").union(order)", "order"),
        ("order.union(order.partition_time(\"1s\"))", "order"),
    ] {
        let found = super::findings(&map(from));
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        let twice = from.contains("union");
        let mut expected = vec![("WH0106", caret)];
        if twice {
            expected.insert(0, ("WH0012", "order"));
        }
        assert_eq!(found, expected, "in: {from}");
    }
}

#[test]
fn rows_and_single_values_are_not_mixed() {
    let nodes = "#[map(from = order.partition_time(\"1s\"))] fn rows(x: Batch<A>) -> Batch<A> { x }
         #[map(from = order)] fn one(x: A) -> A { x }";
    let sink = |sink: &str| format!("{ORDER} {nodes} {sink}");
    for (end, caret) in [
        (
            "#[sink(from = rows.union(one))] fn end(x: Batch<A>) -> Done { x }",
            "one",
        ),
        (
            "#[sink(from = one.union(rows))] fn end(x: Batch<A>) -> Done { x }",
            "one",
        ),
        (
            "#[sink(from = one.union(rows).flatten())] fn end(x: A) {}",
            "one",
        ),
        (
            "#[sink(from = rows.union(one).delay(\"1s\"))] fn end(x: Vec<A>) {}",
            "one",
        ),
        (
            "#[foreach_map(from = rows.union(one))] fn each(x: A) -> A { x } #[sink(from = each)] fn end(x: Vec<A>) {}",
            "one",
        ),
    ] {
        assert_findings(&[(&sink(end), &[("WH0106", caret)])]);
    }
    for end in [
        "#[sink(from = rows.flatten().union(one))] fn end(x: A) {}",
        // A plain list is a list, wherever it comes from.
        "#[sink(from = rows.union(one))] fn end(x: Vec<A>) {}",
        "#[sink(from = rows.partition_time(\"1s\").union(one.partition_time(\"1s\")))] fn end(x: Batch<A>) -> Done { x }",
    ] {
        assert_findings(&[(&sink(end), &[])]);
    }
}

#[test]
fn a_batch_goes_through_maps_into_sinks() {
    let rows = "order.partition_time(\"1s\")";
    for (node, word) in [
        (
            format!("#[filter(from = {rows})] fn next(x: Batch<A>) -> bool {{ x }}"),
            "retain",
        ),
        (
            format!("#[flat_map(from = {rows})] fn next(x: Batch<A>) -> Vec<A> {{ x }}"),
            "flatten",
        ),
        (
            format!("#[foreach_map(from = {rows})] fn next(x: Batch<A>) -> A {{ x }}"),
            "row: T",
        ),
        (
            format!("#[foreach_async(from = {rows})] async fn next(x: Batch<A>) -> A {{ x }}"),
            "row: T",
        ),
        (
            format!(
                "#[sink(from = {rows}, topic = \"t\")] fn next(x: Batch<A>) -> KafkaMessage {{ x }}"
            ),
            "flatten",
        ),
    ] {
        let end = if node.starts_with("#[sink") {
            ""
        } else {
            "#[sink(from = next)] fn end(x: A) {}"
        };
        let program = format!("{ORDER} {node} {end}");
        let found = super::findings(&program);
        assert_eq!(
            found[0],
            ("WH0112".to_owned(), "Batch<A>".to_owned()),
            "{found:?}"
        );
        assert!(said(&program).contains(word), "{}", said(&program));
    }
    let emit =
        "#[source(emit)] fn order(x: Batch<A>) -> A { x } #[sink(from = order)] fn end(x: A) {}";
    assert_eq!(super::findings(emit)[0].0, "WH0112");
}
