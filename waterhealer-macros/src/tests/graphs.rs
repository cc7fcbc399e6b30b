//! The rules about the graph.

use std::time::{Duration, Instant};

use super::{SOURCE, STORE, assert_findings, between, findings, messages, tokens};
use crate::pipeline_tokens;

const PRICE: &str = "#[map(from = order)] fn price(order: Order) -> Priced { order.price() }";

fn program(parts: &[&str]) -> String {
    parts.join("\n")
}

#[test]
fn a_whole_pipeline_has_no_findings() {
    assert_eq!(findings(&between(PRICE)), []);
    assert_eq!(
        findings(
            "use super::*;
             #[source(emit)] fn number(value: u64) -> u64 { value }
             #[sink(from = number)] async fn print(value: u64) {}"
        ),
        []
    );
}

#[test]
fn every_value_ends_in_a_sink() {
    let spare = "#[map(from = order)] fn spare(order: Order) -> Order { order }";
    let further = "#[filter(from = spare)] fn further(order: &Order) -> bool { true }";
    assert_findings(&[
        (
            &program(&[SOURCE, PRICE, STORE, spare]),
            &[("WH0001", "spare")],
        ),
        (
            &program(&[SOURCE, PRICE, STORE, spare, further]),
            &[("WH0001", "further")],
        ),
        (&program(&[SOURCE, PRICE]), &[("WH0011", "billing")]),
        (
            &program(&[
                SOURCE,
                "#[source(emit)] fn other(x: Order) -> Order { x }",
                PRICE,
                STORE,
            ]),
            &[("WH0001", "other")],
        ),
    ]);
}

#[test]
fn what_leaks_is_named() {
    let spare = "#[map(from = order)] fn spare(order: Order) -> Order { order }";
    let found = messages(
        "",
        &format!("mod billing {{ {SOURCE} {PRICE} {STORE} {spare} }}"),
    );
    assert_eq!(
        found[0].2,
        "nothing takes what `spare` gives [WH0001]\n\
         why: a record counts as finished only in a sink: offsets of `orders` would never be committed past what `spare` gives\n\
         help: end the branch in a sink, `#[sink(from = spare)]`, or take `spare` out"
    );
}

#[test]
fn every_value_comes_from_a_source() {
    let orphan = "#[map] fn orphan(order: Order) -> Priced { order.price() }";
    let store = "#[sink(from = orphan)] fn store(priced: Priced) {}";
    let store_both = "#[sink(from = price.union(orphan))] fn store(priced: Priced) {}";
    assert_findings(&[
        (
            &program(&[SOURCE, PRICE, orphan, store_both]),
            &[("WH0002", "map")],
        ),
        (
            &program(&[orphan, store]),
            &[("WH0010", "billing"), ("WH0002", "map")],
        ),
        ("", &[("WH0010", "billing")]),
        ("fn helper() {}", &[("WH0010", "billing")]),
    ]);
}

#[test]
fn nothing_goes_round() {
    let a = "#[map(from = order.union(b))] fn a(x: Order) -> Order { x }";
    let b = "#[map(from = a)] fn b(x: Order) -> Order { x }";
    let own = "#[map(from = order.union(own))] fn own(x: Order) -> Order { x }";
    let alone = "#[map(from = alone)] fn alone(x: Order) -> Order { x }";
    let sink = |from: &str| format!("#[sink(from = {from})] fn end(x: Order) {{}}");
    assert_findings(&[
        (&program(&[SOURCE, a, b, &sink("b")]), &[("WH0003", "b")]),
        (&program(&[SOURCE, own, &sink("own")]), &[("WH0003", "own")]),
        (
            &program(&[SOURCE, alone, &sink("order")]),
            &[("WH0003", "alone")],
        ),
    ]);
    let found = messages("", &format!("mod x {{ {SOURCE} {a} {b} {} }}", sink("b")));
    assert!(
        found[0]
            .2
            .starts_with("`a` feeds itself: `a` → `b` → `a` [WH0003]"),
        "{}",
        found[0].2
    );
}

#[test]
fn names_in_from_are_nodes() {
    let typo = "#[map(from = oder)] fn price(order: Order) -> Priced { order.price() }";
    let unknown = "#[map(from = elephant)] fn price(order: Order) -> Priced { order.price() }";
    assert_findings(&[
        // A slip of the fingers is told once, not once more as a node that nothing takes.
        (&between(typo), &[("WH0004", "oder")]),
        (&between(unknown), &[("WH0004", "elephant")]),
    ]);
    let found = messages("", &format!("mod x {{ {} }}", between(typo)));
    assert!(
        found[0].2.ends_with("help: did you mean `order`?"),
        "{}",
        found[0].2
    );
    let found = messages("", &format!("mod x {{ {} }}", between(unknown)));
    assert!(
        found[0]
            .2
            .ends_with("help: the nodes that give values are `order` and `price`"),
        "{}",
        found[0].2
    );
}

#[test]
fn names_are_given_once_and_not_reserved() {
    let twin = "#[filter(from = order)] fn price(order: &Order) -> bool { true }";
    let keep = "#[sink(from = order)] fn main(order: Order) {}";
    assert_findings(&[
        (
            &program(&[SOURCE, PRICE, STORE, twin]),
            &[("WH0005", "price")],
        ),
        (&program(&[SOURCE, keep]), &[("WH0015", "main")]),
        (
            &program(&[SOURCE, PRICE, STORE, "fn pipeline() {}"]),
            &[("WH0015", "pipeline")],
        ),
        (
            &program(&[SOURCE, PRICE, STORE, "pub struct Resources;"]),
            &[("WH0015", "Resources")],
        ),
        (
            &program(&[SOURCE, PRICE, STORE, "mod __waterhealer {}"]),
            &[("WH0015", "__waterhealer")],
        ),
        // Types and functions do not disturb one another.
        (
            &program(&[SOURCE, PRICE, STORE, "mod main {} enum E { Emit }"]),
            &[],
        ),
    ]);
}

#[test]
fn a_union_names_each_node_once() {
    let twice =
        "#[map(from = order.union(order))] fn price(order: Order) -> Priced { order.price() }";
    let bare = "#[map(from = order.union())] fn price(order: Order) -> Priced { order.price() }";
    let number = "#[map(from = order.union(5))] fn price(order: Order) -> Priced { order.price() }";
    assert_findings(&[
        (&between(twice), &[("WH0012", "order")]),
        (&between(bare), &[("WH0073", "union")]),
        (&between(number), &[("WH0073", "5")]),
    ]);
}

#[test]
fn operators_of_later_versions_and_none() {
    let node = |from: &str| {
        between(&format!(
            "#[map(from = {from})] fn price(order: Order) -> Priced {{ x }}"
        ))
    };
    assert_findings(&[
        (&node("order.scatter(\"heavy\")"), &[("WH0067", "scatter")]),
        (&node("order.zip(order)"), &[("WH0012", "order")]),
        (
            &node("order.unoin(order)"),
            &[("WH0066", "unoin"), ("WH0012", "order")],
        ),
    ]);
}

#[test]
fn nothing_comes_out_of_a_sink() {
    let after = "#[map(from = store)] fn after(x: Order) -> Order { x }";
    let end = "#[sink(from = after)] fn end(x: Order) {}";
    assert_findings(&[(
        &program(&[SOURCE, PRICE, STORE, after, end]),
        &[("WH0014", "store")],
    )]);
}

#[test]
fn a_topic_is_read_once() {
    let second = "#[source(topic = \"orders\")] fn again(record: &Record<'_>) -> Order { todo() }";
    let both = "#[map(from = order.union(again))] fn price(order: Order) -> Priced { x }";
    let list =
        "#[source(topics = [\"a\", \"a\"])] fn order(record: &Record<'_>) -> Order { todo() }";
    assert_findings(&[
        (
            &program(&[SOURCE, second, both, STORE]),
            &[("WH0013", "\"orders\"")],
        ),
        (&program(&[list, PRICE, STORE]), &[("WH0013", "\"a\"")]),
    ]);
}

#[test]
fn words_of_operators_are_no_names_of_nodes() {
    let called = |name: &str| {
        format!(
            "{SOURCE} #[map(from = order)] fn {name}(x: Order) -> Order {{ x }}
             #[sink(from = {name})] fn end(x: Order) {{}}"
        )
    };
    for name in ["hold", "any_order", "volatile"] {
        assert_findings(&[(&called(name), &[("WH0016", name)])]);
    }
    for name in ["held", "holds", "order_by"] {
        assert_findings(&[(&called(name), &[])]);
    }
    // In a helper's name, or a value's, they are words like others.
    assert_findings(&[(
        &program(&[
            SOURCE,
            "fn hold() {}",
            "#[sink(from = order)] fn end(volatile: Order) {}",
        ]),
        &[],
    )]);
}

/// Each doubles the ways through the graph, and each zip asks about those before it.
#[test]
fn diamonds_behind_one_another_are_looked_at_once_each() {
    let diamonds = (0..24).map(|at| {
        format!(
            "#[map(from = at_{at})] fn left_{at}(x: &u64) -> u64 {{ *x }}
             #[map(from = at_{at}.zip(left_{at}))] fn at_{}((x, _): (u64, u64)) -> u64 {{ x }} ",
            at + 1
        )
    });
    let module = format!(
        "mod numbers {{
             #[source(topic = \"numbers\")] fn at_0(record: &Record<'_>) -> u64 {{ 0 }}
             {} #[sink(from = at_24)] fn store(x: u64) {{}}
         }}",
        diamonds.collect::<String>()
    );
    let start = Instant::now();
    let expanded = pipeline_tokens(tokens(""), &tokens(&module)).to_string();
    assert!(start.elapsed() < Duration::from_secs(10));
    assert!(expanded.contains("ZipByRecord"), "{expanded}");
}

#[test]
fn a_node_may_be_named_as_an_operator() {
    let source = "#[source(topic = \"orders\")] fn partition(record: &Record<'_>) -> A { x }";
    let end = |from: &str| format!("{source} #[sink(from = {from})] fn end(x: B) {{}}");
    assert_findings(&[
        (&end("partition.partition(5, within = \"1s\")"), &[]),
        (
            &end("partition.delay(\"1s\").partition(5, within = \"1s\")"),
            &[],
        ),
        (
            &end("partition.union(partition)"),
            &[("WH0012", "partition")],
        ),
    ]);
}

#[test]
fn a_node_that_is_named_as_an_option_is_told_once() {
    assert_findings(&[(
        "#[source(topic = \"orders\")] fn order(record: &Record<'_>) -> A { x }
        #[map(from = order)] fn hold(x: A) -> A { x }
        #[sink(from = order.zip(hold))] fn end(x: B) {}",
        &[("WH0016", "hold")],
    )]);
}
