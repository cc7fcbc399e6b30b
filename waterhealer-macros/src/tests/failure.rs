//! The rule about failures that flow as values.

use super::{SOURCE, assert_findings, messages};

fn sink(parameter: &str, answer: &str) -> String {
    format!("{SOURCE} #[sink(from = order)] fn store(order: {parameter}) {answer} {{ x }}")
}

#[test]
fn a_sink_does_not_finish_what_has_failed() {
    for (parameter, caret) in [
        ("Result<Order, E>", "Result<Order, E>"),
        ("&Result<Order, E>", "Result<Order, E>"),
        ("io::Result<Order>", "io::Result<Order>"),
        ("&Tracked<Result<Order, E>>", "Result<Order, E>"),
        ("Vec<Result<Order, E>>", "Result<Order, E>"),
        ("&Vec<anyhow::Result<Order>>", "anyhow::Result<Order>"),
        ("(u64, Result<Order, E>)", "Result<Order, E>"),
        ("Option<Box<Result<Order, E>>>", "Result<Order, E>"),
    ] {
        assert_findings(&[(&sink(parameter, ""), &[("WH0104", caret)])]);
    }
    for sink in [
        sink("Tracked<Result<Order, E>>", "-> Done"),
        sink("Batch<Result<Order, E>>", "-> Done")
            .replace("= order", "= order.partition_time(\"1s\")"),
    ] {
        assert_findings(&[(&sink, &[("WH0104", "Result<Order, E>")])]);
    }
}

#[test]
fn who_can_fail_handles_a_failure() {
    let then = |node: &str| format!("{SOURCE} {node} #[sink(from = next)] fn end(x: Order) {{}}");
    for accepted in [
        sink("Result<Order, E>", "-> Result<(), E>"),
        sink("Vec<Result<Order, E>>", "-> io::Result<()>"),
        sink("Tracked<Result<Order, E>>", "-> Result<Done, E>"),
        sink("Result<Order, E>", "-> impl Future<Output = Result<(), E>>"),
        sink("Results<Order>", ""),
        sink("fn(u8) -> Result<u8, E>", ""),
        then("#[map(from = order)] fn next(x: Result<Order, E>) -> Order { x }"),
        then("#[filter(from = order)] fn next(x: &Result<Order, E>) -> bool { x }"),
        then("#[flat_map(from = order)] fn next(x: Result<Order, E>) -> Vec<Order> { x }"),
        // The failure is on record there.
        format!(
            "{SOURCE} #[sink(from = order, topic = \"out\")] fn end(x: Result<Order, E>) -> KafkaMessage {{ x }}"
        ),
    ] {
        assert_findings(&[(&accepted, &[])]);
    }
}

#[test]
fn what_the_node_before_answers_never_reaches_the_sink() {
    let after = |answer: &str| {
        format!(
            "{SOURCE} #[map(from = order)] fn next(x: Order) -> {answer} {{ x }}
             #[sink(from = next)] fn store(x: Result<Order, E>) {{}}"
        )
    };
    // The types differ, and rustc says so (WH0007).
    assert_findings(&[(&after("Result<Order, E>"), &[])]);
    for reaching in [
        "Parsed",
        "Result<Result<Order, E>, F>",
        "Option<Result<Order, E>>",
    ] {
        assert_findings(&[(&after(reaching), &[("WH0104", "Result<Order, E>")])]);
    }
    let either = "#[map(from = order)] fn next(x: Order) -> Result<Order, E> { x }
         #[map(from = order)] fn other(x: Order) -> Parsed { x }
         #[sink(from = next.union(other))] fn store(x: Result<Order, E>) {}";
    assert_findings(&[(
        &format!("{SOURCE} {either}"),
        &[("WH0104", "Result<Order, E>")],
    )]);
}

#[test]
fn the_help_fits_the_way_the_value_is_taken() {
    let help = |contents: &str| {
        let found = messages("", &format!("mod x {{ {contents} }}"));
        found[0].2.lines().last().unwrap_or_default().to_owned()
    };
    let plain = help(&sink("Result<Order, E>", ""));
    assert!(
        plain.ends_with("let `store` answer `Result<(), …>`"),
        "{plain}"
    );
    let carried = help(&sink("Tracked<Result<Order, E>>", "-> Done"));
    assert!(carried.contains("`transpose()`"), "{carried}");
}
