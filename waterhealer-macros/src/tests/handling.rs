//! Options about calls that fail, hang or wait for one another: what is read, and what makes no sense.

use super::{SOURCE, assert_findings, between};

/// `price` with these options, as a plain function or an async one, that can fail or not.
fn with(options: &str, function: &str, answer: &str) -> String {
    between(&format!(
        "#[map(from = order, {options})] {function} price(order: Order) -> {answer} {{ x }}"
    ))
}

const FAILS: &str = "Result<Priced, Error>";

fn plain(options: &str) -> String {
    with(options, "fn", FAILS)
}

fn waiting(options: &str) -> String {
    with(options, "async fn", FAILS)
}

#[test]
fn what_retry_says() {
    assert_findings(&[
        (&plain("retry(max = 5)"), &[]),
        (
            &plain("retry(max = 5, backoff = \"100ms..10s\", jitter, on = Error::is_busy)"),
            &[],
        ),
        (&waiting("retry(max = 1, backoff = \"1s..1s\",)"), &[]),
        (&plain("retry"), &[("WH0063", "retry")]),
        (&plain("retry = 5"), &[("WH0063", "5")]),
        (&plain("retry(5)"), &[("WH0063", "5")]),
        (&plain("retry(jitter)"), &[("WH0063", "jitter")]),
        (&plain("retry(max = 0)"), &[("WH0063", "0")]),
        (
            &plain("retry(max = 5, times = 3)"),
            &[("WH0063", "max = 5, times = 3")],
        ),
        (&plain("retry(max = 5, max = 3)"), &[("WH0062", "max")]),
        (
            &plain("retry(max = 5, backoff = \"10s..1s\")"),
            &[("WH0063", "\"10s..1s\"")],
        ),
        (
            &plain("retry(max = 5, backoff = \"1s\")"),
            &[("WH0063", "\"1s\"")],
        ),
    ]);
}

#[test]
fn what_makes_no_sense_on_a_function() {
    let sure = |options: &str| with(options, "fn", "Priced");
    assert_findings(&[
        (&sure("retry(max = 5)"), &[("WH0120", "retry")]),
        (
            &with("retry(max = 5)", "async fn", "Priced"),
            &[("WH0120", "retry")],
        ),
        (
            &with("retry(max = 5), timeout = \"1s\"", "async fn", "Priced"),
            &[],
        ),
        (
            &with(
                "retry(max = 5, on = is_busy), timeout = \"1s\"",
                "async fn",
                "Priced",
            ),
            &[("WH0120", "is_busy")],
        ),
        (&plain("timeout = \"30s\""), &[("WH0121", "timeout")]),
        (&plain("blocking, timeout = \"30s\""), &[]),
        (&waiting("timeout = \"30s\""), &[]),
        (&waiting("timeout = 30"), &[("WH0063", "30")]),
        (&waiting("blocking"), &[("WH0122", "blocking")]),
        (&plain("blocking = 5"), &[("WH0063", "5")]),
        (&plain("concurrency = 5"), &[("WH0069", "concurrency")]),
        (&plain("blocking, concurrency = 5"), &[]),
        (&sure("on_panic = skip"), &[]),
        (&sure("on_panic = ignore"), &[("WH0063", "ignore")]),
    ]);
}

#[test]
fn an_order_is_chosen_where_there_are_several_calls() {
    assert_findings(&[
        (&waiting("concurrency = 8, order_by = key"), &[]),
        (&waiting("concurrency = 8, order_by = none"), &[]),
        (&plain("blocking, order_by = partition"), &[]),
        (&plain("retry(max = 5), order_by = none"), &[]),
        (
            &waiting("concurrency = 8, order_by = offset"),
            &[("WH0063", "offset")],
        ),
        (&waiting("order_by = key"), &[("WH0123", "order_by")]),
        (
            &waiting("concurrency = 1, order_by = key"),
            &[("WH0123", "order_by")],
        ),
        (
            &plain("blocking, concurrency = 1, order_by = key"),
            &[("WH0123", "order_by")],
        ),
        (&plain("order_by = partition"), &[("WH0123", "order_by")]),
    ]);
}

#[test]
fn options_stand_where_they_mean_something() {
    let node = |node: &str| format!("{SOURCE} {node}");
    assert_findings(&[
        (
            &node(
                "#[accumulate(from = order, start = 0, volatile, timeout = \"1s\")] fn sum(sum: u64, order: Order) -> u64 { x } #[sink(from = sum)] fn store(sum: u64) {}",
            ),
            &[("WH0061", "timeout")],
        ),
        (
            &node(
                "#[sink(from = order)] fn store(order: Order) {} #[healed(retry(max = 1))] fn told(offsets: &[Position]) {}",
            ),
            &[("WH0061", "retry")],
        ),
    ]);
}

#[test]
fn sources_that_can_fail_are_tried_again() {
    let source = |options: &str, function: &str| {
        format!(
            "#[source({options})] {function} {{ x }} #[sink(from = order)] fn store(order: Order) {{}}"
        )
    };
    const RECORD: &str = "fn order(record: &Record<'_>) -> Result<Order, Error>";
    assert_findings(&[
        (&source("topic = \"orders\", retry(max = 5)", RECORD), &[]),
        (
            &source(
                "topic = \"orders\", retry(max = 5, on = is_busy), batch = 10, within = \"1s\"",
                RECORD,
            ),
            &[],
        ),
        (
            &source(
                "topic = \"orders\", retry(max = 5)",
                "fn order(record: &Record<'_>) -> Order",
            ),
            &[("WH0120", "retry")],
        ),
        (
            &source("topic = \"orders\", retry(max = 5), order_by = key", RECORD),
            &[("WH0061", "order_by")],
        ),
        (
            &source(
                "emit, retry(max = 5)",
                "fn order(order: Order) -> Result<Order, Error>",
            ),
            &[],
        ),
        (
            &source(
                "lines = \"orders.txt\", retry(max = 5)",
                "async fn order(line: String) -> Result<Order, Error>",
            ),
            &[],
        ),
        (
            &source(
                "files = \"orders/*.txt\", retry(max = 5)",
                "fn order(path: &PathBuf) -> Result<Order, Error>",
            ),
            &[],
        ),
    ]);
}

#[test]
fn what_keeps_the_order_may_stand_before_what_needs_it() {
    let before = |options: &str| {
        format!(
            "{SOURCE} #[map(from = order, {options})] async fn price(order: Order) -> Result<Priced, Error> {{ x }} \
             #[sink(from = price.sliding_window(3))] fn store(last: Vec<Priced>) {{}}"
        )
    };
    assert_findings(&[
        (&before("concurrency = 8, order_by = partition"), &[]),
        (&before("retry(max = 3)"), &[]),
        (&before("concurrency = 8"), &[("WH0103", "sliding_window")]),
        (
            &before("concurrency = 8, order_by = key"),
            &[("WH0103", "sliding_window")],
        ),
        (
            &before("retry(max = 3), order_by = none"),
            &[("WH0103", "sliding_window")],
        ),
        (
            &before("concurrency = 8, retry(max = 3)"),
            &[("WH0103", "sliding_window")],
        ),
    ]);
}

#[test]
fn what_waits_for_its_turn_needs_no_buffer() {
    let behind = |operator: &str, options: &str| {
        between(&format!(
            "#[map(from = order.{operator}, {options})] async fn price(order: Order) -> Result<Priced, Error> {{ x }}"
        ))
    };
    assert_findings(&[
        (&behind("buffer(10)", "concurrency = 8"), &[]),
        (
            &behind("buffer(10)", "concurrency = 8, retry(max = 3)"),
            &[],
        ),
        (
            &behind("buffer(10)", "concurrency = 8, order_by = key"),
            &[("WH0124", "buffer")],
        ),
        (
            &behind("latest()", "concurrency = 8, order_by = key"),
            &[("WH0124", "latest")],
        ),
        (
            &behind("latest()", "concurrency = 8, retry(max = 3)"),
            &[("WH0124", "latest")],
        ),
    ]);
}

#[test]
fn a_flush_is_a_function_of_the_module() {
    let sink = |options: &str, answer: &str, beside: &str| {
        format!(
            "{SOURCE} #[sink(from = order, {options})] fn store(order: Order, db: &Db) -> {answer} {{ db.put(order) }} {beside}"
        )
    };
    let plain = |flush: &str, beside: &str| sink(&format!("flush = {flush}"), "()", beside);
    const WRITE: &str =
        "#[inline] pub async fn write_out(db: &Db, log: &Log) -> Result<(), Error> { x }";
    assert_findings(&[
        (&plain("write_out", WRITE), &[]),
        (&plain("write_out", "fn write_out() {}"), &[]),
        (
            &plain("\"write_out\"", WRITE),
            &[("WH0063", "\"write_out\"")],
        ),
        (&plain("writeout", WRITE), &[("WH0125", "writeout")]),
        (&plain("write_out", ""), &[("WH0125", "write_out")]),
        (&plain("order", ""), &[("WH0125", "order")]),
        (
            &plain("write_out", "fn write_out<T>(db: &Db) {}"),
            &[("WH0021", "T")],
        ),
        (
            &plain("write_out", "fn write_out(db: Db) {}"),
            &[("WH0041", "Db")],
        ),
        (
            &plain("write_out", "fn write_out(db: &Other) {}"),
            &[("WH0040", "&Other")],
        ),
        (
            &sink(
                "topic = \"priced\", flush = write_out",
                "KafkaMessage",
                WRITE,
            ),
            &[("WH0125", "flush")],
        ),
        (
            &between(
                "#[map(from = order, flush = write_out)] fn price(order: Order) -> Priced { x }",
            ),
            &[("WH0061", "flush")],
        ),
    ]);
}
