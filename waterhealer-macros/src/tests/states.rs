//! The rules about nodes beside the usual ones: `#[accumulate]` and `#[healed]`; and about what a batch holds.

use super::{SOURCE, assert_findings, between, messages};

const SILENT: &str = "order.partition_time(\"1s\")";

/// An `#[accumulate]` with these options beside `from`, and the signature after its name.
fn accumulate(options: &str, signature: &str) -> String {
    between(&format!(
        "#[accumulate(from = order{options})] fn price{signature} {{ x }}"
    ))
}

#[test]
fn well_formed_accumulates_have_no_findings() {
    for (options, signature) in [
        (", start = 0, volatile", "(total: u64, x: Order) -> u64"),
        (
            ", start = Totals::new(), volatile",
            "(mut totals: Totals, x: &Order) -> Totals",
        ),
        (
            ", start = 0, volatile, on_error = skip",
            "(total: u64, x: Order) -> Result<u64, E>",
        ),
        (
            ", start = (0, 0), returns_state, volatile",
            "(state: (u64, u64), x: Order) -> ((u64, u64), u64)",
        ),
        (
            ", start = 0, returns_state, volatile",
            "(total: u64, x: Order) -> Result<(u64, Priced), E>",
        ),
        (
            ", start = 0, volatile, any_order",
            "(total: u64, x: Order, _db: &Db) -> u64",
        ),
    ] {
        assert_findings(&[(&accumulate(options, signature), &[])]);
    }
}

#[test]
fn ill_formed_accumulates_are_told_once() {
    for (options, signature) in [
        // No state, or none of its own.
        (", start = 0", "(x: Order) -> u64"),
        (", start = 0", "() -> u64"),
        (", start = 0", "(total: &mut u64, x: Order) -> u64"),
        (", start = 0", "(total: &u64, x: Order) -> u64"),
        (", start = 0", "(name: Name<'_>, x: Order) -> u64"),
        // Nothing to start with.
        ("", "(total: u64, x: Order) -> u64"),
        (", volatile", "(total: u64, x: Order) -> u64"),
        // Carriers.
        (", start = 0", "(total: u64, x: Tracked<Order>) -> u64"),
        (", start = 0", "(total: u64, x: &Tracked<Order>) -> u64"),
        (", start = 0", "(total: u64, x: Batch<Order>) -> u64"),
        (
            ", start = None",
            "(last: Option<Tracked<Order>>, x: Order) -> Option<Tracked<Order>>",
        ),
        // No next state.
        (", start = 0", "(total: u64, x: Order)"),
        (
            ", start = 0, returns_state",
            "(total: u64, x: Order) -> u64",
        ),
        (
            ", start = 0, returns_state",
            "(total: u64, x: Order) -> Result<(u64, u64, u64), E>",
        ),
    ] {
        assert_findings(&[(&accumulate(options, signature), &[("WH0110", "price")])]);
    }
    let waiting = accumulate(", start = 0", "(total: u64, x: Order) -> u64")
        .replace("] fn price", "] async fn price");
    assert_findings(&[(&waiting, &[("WH0110", "price")])]);
}

#[test]
fn the_example_is_of_the_users_state() {
    let contents = accumulate(", returns_state", "(totals: Totals, x: Order) -> u64");
    let found = messages("", &format!("mod x {{ {contents} }}"));
    assert!(
        found[0].2.ends_with(
            "write `#[accumulate(from = …, start = …, returns_state)] fn price(state: Totals, value: T) -> (Totals, Total)`"
        ),
        "{}",
        found[0].2
    );
}

#[test]
fn what_else_is_wrong_with_an_accumulate_is_told_as_elsewhere() {
    for (options, signature, finding) in [
        (
            ", start = 0, volatile",
            "(self, x: Order) -> u64",
            ("WH0023", "self"),
        ),
        (
            ", start = 0, volatile",
            "(total: u64, x: &mut Order) -> u64",
            ("WH0025", "&mut Order"),
        ),
        (
            ", start = 0, volatile",
            "(total: u64, x: Order, db: Db) -> u64",
            ("WH0041", "Db"),
        ),
        (
            ", start = 0, volatile, concurrency = 3",
            "(total: u64, x: Order) -> u64",
            ("WH0069", "concurrency"),
        ),
        (
            ", start = 0, volatil",
            "(total: u64, x: Order) -> u64",
            ("WH0061", "volatil"),
        ),
    ] {
        let found = super::findings(&accumulate(options, signature));
        let (code, caret) = finding;
        assert!(
            found.contains(&(code.to_owned(), caret.to_owned())),
            "{found:?}"
        );
    }
}

#[test]
fn a_state_over_kafka_is_volatile() {
    let kept = accumulate(", start = 0", "(total: u64, x: Order) -> u64");
    assert_findings(&[(&kept, &[("WH0101", "price")])]);
    let by_hand = kept.replace(SOURCE, "#[source(emit)] fn order(x: Order) -> Order { x }");
    assert_findings(&[(&by_hand, &[])]);
    // Through nodes and steps, and beside a source by hand.
    let later = kept.replace(
        "from = order,",
        "from = order.delay(\"1s\").partition_time(\"1s\").flatten(),",
    );
    assert_findings(&[(&later, &[("WH0101", "price")])]);
    let both = format!("#[source(emit)] fn by_hand(x: Order) -> Order {{ x }} {kept}")
        .replace("from = order,", "from = order.union(by_hand),");
    assert_findings(&[(&both, &[("WH0101", "price")])]);
}

#[test]
fn a_state_needs_order() {
    let with = |options: &str, before: &str| {
        let node = accumulate(options, "(total: u64, x: Order) -> u64");
        node.replace("from = order", "from = busy").replace(
            SOURCE,
            &format!("{SOURCE} #[map(from = order, concurrency = {before})] async fn busy(x: Order) -> Order {{ x }}"),
        )
    };
    assert_findings(&[
        (&with(", start = 0, volatile", "8"), &[("WH0103", "price")]),
        (&with(", start = 0, volatile", "1"), &[]),
        (&with(", start = 0, volatile, any_order", "8"), &[]),
        (
            &with(", start = 0", "8"),
            &[("WH0101", "price"), ("WH0103", "price")],
        ),
    ]);
}

#[test]
fn healed_takes_the_offsets_of_a_commit() {
    let healed = |node: &str| {
        format!("{SOURCE} #[sink(from = order)] fn end(x: Order) {{}} #[healed] {node}")
    };
    for accepted in [
        "fn note(offsets: &[Position]) {}",
        "fn note(offsets: &[waterhealer::Position]) -> () {}",
        "fn note(offsets: &[Position], log: &Log) -> Result<(), E> { log }",
    ] {
        assert_findings(&[(&healed(accepted), &[])]);
    }
    for refused in [
        "fn note() {}",
        "fn note(offsets: Vec<Position>) {}",
        "fn note(offsets: &Vec<Position>) {}",
        "fn note(offsets: &[i64]) {}",
        "fn note(offsets: &Position) {}",
        "fn note(offsets: &[Position]) -> usize { 0 }",
        "fn note(offsets: &[Position]) -> Result<usize, E> { x }",
        "async fn note(offsets: &[Position]) {}",
    ] {
        assert_findings(&[(&healed(refused), &[("WH0111", "note")])]);
    }
    // Nothing goes on from it, and nothing feeds it.
    let from =
        "#[healed] fn note(offsets: &[Position]) {} #[sink(from = note)] fn more(x: Order) {}";
    let found = super::findings(&format!(
        "{SOURCE} #[sink(from = order)] fn end(x: Order) {{}} {from}"
    ));
    assert_eq!(found, [("WH0014".to_owned(), "note".to_owned())]);
    let fed =
        healed("fn note(offsets: &[Position]) {}").replace("#[healed]", "#[healed(from = order)]");
    assert_findings(&[(&fed, &[("WH0061", "from")])]);
}

#[test]
fn rows_are_no_value_of_a_node() {
    let node = |signature: &str| {
        format!(
            "{SOURCE} #[map(from = {SILENT})] fn price{signature} {{ x }} #[sink(from = price)] fn end(x: B) {{}}"
        )
    };
    for (signature, caret) in [
        ("(x: Rows<Order>) -> Priced", "Rows<Order>"),
        ("(x: &Rows<Order>) -> Priced", "&Rows<Order>"),
        (
            "(x: waterhealer::Rows<Order>) -> Priced",
            "waterhealer::Rows<Order>",
        ),
        ("(x: Vec<Rows<Order>>) -> Priced", "Vec<Rows<Order>>"),
        ("(x: Vec<Order>) -> Rows<Order>", "Rows<Order>"),
        (
            "(x: Batch<Order>) -> Result<Rows<Order>, E>",
            "Result<Rows<Order>, E>",
        ),
    ] {
        assert_findings(&[(&node(signature), &[("WH0113", caret)])]);
    }
    // A type of the user's own.
    assert_findings(&[(&node("(x: Vec<Order>) -> Rows"), &[])]);
}

#[test]
fn what_is_said_of_a_carrier_is_said_of_a_batch() {
    let said = |signature: &str| {
        let map = format!(
            "{SOURCE} #[map(from = {SILENT})] fn price{signature} {{ x }} #[sink(from = price)] fn end(x: B) {{}}"
        );
        let found = messages("", &format!("mod x {{ {map} }}"));
        (
            found[0].0,
            found[0].2.lines().last().unwrap_or_default().to_owned(),
        )
    };
    for (signature, code, help) in [
        ("(x: &Batch<Order>) -> Priced", "WH0034", "write `Batch<T>`"),
        (
            "(x: Option<Batch<Order>>) -> Priced",
            "WH0034",
            "write `Batch<T>`",
        ),
        (
            "(x: Batch<'static, Order>) -> Batch<Order>",
            "WH0034",
            "write `Batch<T>`",
        ),
        (
            "(x: Batch<Order>) -> Vec<Order>",
            "WH0009",
            "write `-> Batch<…>`, or take `Vec<T>` for the values alone",
        ),
        (
            "(x: Batch<Order>)",
            "WH0009",
            "write `-> Batch<…>`, or take `Vec<T>` for the values alone",
        ),
        (
            "(x: Batch<Order>) -> Done",
            "WH0033",
            "answer the carrier, or make it a `#[sink]`",
        ),
        (
            "(x: Vec<Order>) -> Batch<Order>",
            "WH0032",
            "answer the plain value",
        ),
        (
            "(x: Order, y: Batch<Order>) -> Order",
            "WH0046",
            "as the first parameter only",
        ),
    ] {
        let (found, last) = said(signature);
        assert_eq!(found, code, "{signature}: {last}");
        assert!(last.contains(help), "{signature}: {last}");
    }
}
