//! The rules about what an attribute says.

use super::{STORE, assert_findings, between, findings_of, messages};

/// A map called `price` with these options beside its `from`.
fn map(options: &str) -> String {
    between(&format!(
        "#[map(from = order, {options})] fn price(order: Order) -> Priced {{ x }}"
    ))
}

fn async_map(options: &str) -> String {
    between(&format!(
        "#[map(from = order, {options})] async fn price(order: Order) -> Priced {{ x }}"
    ))
}

fn source(options: &str) -> String {
    format!("#[source{options}] fn price(record: &Record<'_>) -> Priced {{ x }} {STORE}")
}

#[test]
fn options_of_the_pipeline() {
    let whole = between("#[map(from = order)] fn price(order: Order) -> Priced { x }");
    let cases: &[(&str, &[(&str, &str)])] = &[
        ("", &[]),
        (
            "group = \"g\", interval = \"500ms\", drain_timeout = \"2m\", max_in_flight = 10_000, shutdown_grace = \"25s\", dedupe = \"memory\", dedupe_outage = \"block\",",
            &[],
        ),
        ("group = \"\"", &[("WH0063", "\"\"")]),
        ("group = 5", &[("WH0063", "5")]),
        ("interval = \"10 apples\"", &[("WH0063", "\"10 apples\"")]),
        ("interval = 10", &[("WH0063", "10")]),
        ("max_in_flight = 0", &[("WH0063", "0")]),
        ("max_in_flight", &[("WH0063", "max_in_flight")]),
        ("intervall = \"1s\"", &[("WH0061", "intervall")]),
        ("lanes = 0", &[("WH0063", "0")]),
        (
            "group = \"a\", interval = \"1s\", group = \"b\"",
            &[("WH0062", "group")],
        ),
        ("\"billing\"", &[("WH0060", "\"billing\"")]),
        ("group \"billing\"", &[("WH0060", "\"billing\"")]),
        // Both mistakes in one run.
        (
            "grup = \"a\", interval = \"never\"",
            &[("WH0061", "grup"), ("WH0063", "\"never\"")],
        ),
    ];
    for (options, expected) in cases {
        let found = findings_of(options, &whole);
        let found: Vec<_> = found
            .iter()
            .map(|(code, caret)| (code.as_str(), caret.as_str()))
            .collect();
        assert_eq!(found, *expected, "in: {options}");
    }
}

#[test]
fn options_of_nodes() {
    assert_findings(&[
        (&async_map("concurrency = 64, on_error = skip"), &[]),
        (&map("concurrency = 64"), &[("WH0069", "concurrency")]),
        (&async_map("concurrency = 0"), &[("WH0063", "0")]),
        (&async_map("concurrency = many"), &[("WH0063", "many")]),
        (&map("on_error = halt"), &[]),
        (&map("detached"), &[("WH0063", "detached")]),
        (&map("detached = \" \""), &[("WH0063", "\" \"")]),
        (&map("detached = logging"), &[("WH0063", "logging")]),
        (&map("on_error = explode"), &[("WH0063", "explode")]),
        (&map("on_error = dead_letter"), &[]),
        (&map("on_error = dead_letter(\"dlq\")"), &[]),
        (&map("on_error = dead_letter(style = spring)"), &[]),
        (
            &map("on_error = dead_letter(\"dlq\", style = streams)"),
            &[],
        ),
        (
            &map("on_error = dead_letter(\"dlq\", style = rabbit)"),
            &[("WH0063", "dead_letter(\"dlq\", style = rabbit)")],
        ),
        (
            &map("on_error = dead_letter()"),
            &[("WH0063", "dead_letter()")],
        ),
        (&map("checkpoint"), &[]),
        (&map("checkpoint = true"), &[("WH0063", "true")]),
        (&map("concurency = 5"), &[("WH0061", "concurency")]),
        (&map("topic = \"x\""), &[("WH0061", "topic")]),
        (&map("from = order"), &[("WH0062", "from")]),
        (
            &between("#[map(from = \"order\")] fn price(order: Order) -> Priced { x }"),
            &[("WH0063", "\"order\"")],
        ),
        (
            &between("#[map(from = super::order)] fn price(order: Order) -> Priced { x }"),
            &[("WH0063", "super::order")],
        ),
        // What could not be read may have been the `from`: told once.
        (
            &between("#[map(order)] fn price(order: Order) -> Priced { x }"),
            &[("WH0061", "order")],
        ),
        (
            &between("#[map = order] fn price(order: Order) -> Priced { x }"),
            &[("WH0060", "=")],
        ),
    ]);
}

#[test]
fn suggestions_name_what_was_meant() {
    let found = messages("", &format!("mod x {{ {} }}", map("concurency = 5")));
    assert!(
        found[0].2.contains("did you mean `concurrency`?"),
        "{}",
        found[0].2
    );
    let found = messages("", &format!("mod x {{ {} }}", map("topic = \"x\"")));
    assert!(
        found[0]
            .2
            .contains("`topic` belongs on `#[source]` and `#[sink]`"),
        "{}",
        found[0].2
    );
    let found = messages("", &format!("mod x {{ {} }}", map("order")));
    assert!(
        found[0].2.contains("write `from = order`"),
        "{}",
        found[0].2
    );
    let found = messages("", &format!("mod x {{ {} }}", map("elephant = 5")));
    assert!(
        found[0]
            .2
            .contains("it has `from`, `on_error`, `breaker`, `on_panic`, `retry`, `timeout`, `order_by`, `blocking`, `concurrency`, `detached` and `checkpoint`"),
        "{}",
        found[0].2
    );
}

#[test]
fn a_source_has_one_feed() {
    assert_findings(&[
        (&source(""), &[("WH0071", "source")]),
        (&source("(on_error = skip)"), &[("WH0071", "source")]),
        (&source("(topik = \"a\")"), &[("WH0061", "topik")]),
        (
            &source("(topic = \"a\", topics = [\"b\"])"),
            &[("WH0071", "topics")],
        ),
        (&source("(topics = [\"a\", \"b\"])"), &[]),
        (&source("(topics = [])"), &[("WH0063", "[]")]),
        (&source("(topics = \"a\")"), &[("WH0063", "\"a\"")]),
        (
            &source("(topic = \"two words\")"),
            &[("WH0072", "\"two words\"")],
        ),
        (
            &source("(topic = \"a\", topic = \"b\")"),
            &[("WH0062", "topic")],
        ),
        (
            &source("(topic = \"a\", emit = true)"),
            &[("WH0063", "true"), ("WH0071", "emit")],
        ),
    ]);
}

#[test]
fn properties_pass_through_but_for_those_that_break_the_promise() {
    let properties = |list: &str| source(&format!("(topic = \"a\", properties({list}))"));
    assert_findings(&[
        (
            &properties("\"fetch.min.bytes\" = \"1\", \"check.crcs\" = \"true\""),
            &[],
        ),
        (
            &properties("\"enable.auto.commit\" = \"true\""),
            &[("WH0070", "\"enable.auto.commit\"")],
        ),
        (
            &properties("\"enable.auto.offset.store\" = \"true\""),
            &[("WH0070", "\"enable.auto.offset.store\"")],
        ),
        (
            &properties("\"group.id\" = \"g\""),
            &[("WH0070", "\"group.id\"")],
        ),
        (
            &properties("\"bootstrap.servers\" = \"b\""),
            &[("WH0070", "\"bootstrap.servers\"")],
        ),
        (
            &properties("\"a\" = \"1\", \"a\" = \"2\""),
            &[("WH0062", "\"a\"")],
        ),
        (
            &properties("\"fetch.min.bytes\" = 1"),
            &[("WH0063", "\"fetch.min.bytes\" = 1")],
        ),
    ]);
}

#[test]
fn two_attributes_on_one_function() {
    let two = "#[map(from = order)] #[filter(from = order)] fn price(order: Order) -> Priced { x }";
    let path = "#[waterhealer::map(from = order)] fn price(order: Order) -> Priced { x }";
    let foreign = "#[other::map(from = order)] fn helper() {} #[map(from = order)] fn price(order: Order) -> Priced { x }";
    assert_findings(&[
        (&between(two), &[("WH0068", "filter")]),
        (&between(path), &[]),
        (&between(foreign), &[]),
    ]);
}

#[test]
fn only_inline_modules() {
    let found = |item: &str| {
        let found = messages("group = \"g\"", item);
        found
            .into_iter()
            .map(|(code, caret, _)| (code, caret))
            .collect::<Vec<_>>()
    };
    assert_eq!(found("mod billing;"), [("WH0082", "billing".to_owned())]);
    assert_eq!(found("fn billing() {}"), [("WH0081", "fn".to_owned())]);
    assert_eq!(found("pub struct Billing;"), [("WH0081", "pub".to_owned())]);
}

#[test]
fn a_time_alone_makes_no_batches() {
    let from = |options: &str| {
        format!(
            "#[source({options})] fn order(r: &Record<'_>) -> A {{ x }} #[sink(from = order)] fn end(x: B) {{}}"
        )
    };
    assert_findings(&[
        (&from("topic = \"a\", batch = 5, within = \"1s\""), &[]),
        (
            &from("topic = \"a\", within = \"1s\""),
            &[("WH0075", "within")],
        ),
        // The name that is not known may be what was meant.
        (
            &from("topic = \"a\", bach = 5, within = \"1s\""),
            &[("WH0061", "bach")],
        ),
    ]);
}

#[test]
fn a_value_ends_where_its_expression_ends() {
    let start = |value: &str| {
        format!(
            "#[source(emit)] fn order(x: A) -> A {{ x }}
            #[accumulate(from = order, start = {value}, on_error = skip)] fn all(s: S, x: A) -> Result<S, E> {{ s }}
            #[sink(from = all)] fn end(x: S) {{}}"
        )
    };
    for value in [
        "0",
        "S::new()",
        "Map::<u8, Vec<u8>>::new()",
        "<Map<u8, u8> as Default>::default()",
        "S { one: 1, two: 2 }",
        "if a < b { c } else { d }",
    ] {
        assert_findings(&[(&start(value), &[])]);
    }
    assert_findings(&[(&start("1 2"), &[("WH0063", "1 2")])]);
}
