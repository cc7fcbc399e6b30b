//! What stands in operators' parentheses: numbers, times, names, words, options.

use super::steps::{over, said, told};

#[test]
fn values_have_the_right_form() {
    for (from, caret) in [
        ("order.partition(0, within = \"1s\")", "0"),
        ("order.partition(-1, within = \"1s\")", "-1"),
        ("order.partition(\"5\", within = \"1s\")", "\"5\""),
        ("order.partition(5000000000, within = \"1s\")", "5000000000"),
        ("order.partition(size, within = \"1s\")", "size"),
        ("order.partition(5, within = \"soon\")", "\"soon\""),
        ("order.partition(5, within = \"0s\")", "\"0s\""),
        ("order.partition(5, within = 1)", "1"),
        ("order.partition_time(\"\")", "\"\""),
        ("order.partition_time(5)", "5"),
        ("order.timed_window(\"0ms\")", "\"0ms\""),
        ("order.sliding_window(0)", "0"),
        ("order.sliding_window(3, partial = 1)", "1"),
        ("order.sliding_window(3, partial = yes)", "yes"),
        ("order.slice(0, 10, 0)", "0"),
        ("order.slice(\"a\")", "\"a\""),
        ("order.unique(history = 0)", "0"),
        ("order.unique(key = 5)", "5"),
        ("order.pluck(\"total\")", "\"total\""),
        ("order.pluck(-1)", "-1"),
        ("order.pluck([])", "[]"),
        ("order.pluck([a, \"b\"])", "[a, \"b\"]"),
        ("order.delay(\"1 week\")", "\"1 week\""),
        ("order.rate_limit(10)", "10"),
        ("order.buffer(0)", "0"),
        ("order.buffer(many)", "many"),
        ("order.collect(flush = 5, hold)", "5"),
        ("order.combine_latest(rate, emit_on = 5)", "5"),
        ("order.combine_latest(rate, emit_on = [])", "[]"),
    ] {
        told(from, &[("WH0073", caret)]);
    }
}

#[test]
fn what_is_missing_or_too_much_is_told() {
    for (from, caret) in [
        ("order.partition()", "partition"),
        ("order.partition(hold)", "partition"),
        ("order.partition(within = \"1s\")", "partition"),
        ("order.partition_time()", "partition_time"),
        ("order.sliding_window(partial = true)", "sliding_window"),
        ("order.collect(hold)", "collect"),
        ("order.pluck()", "pluck"),
        ("order.delay()", "delay"),
        ("order.buffer()", "buffer"),
        ("order.zip()", "zip"),
        ("order.zip(hold)", "zip"),
        ("order.zip_latest()", "zip_latest"),
        ("order.combine_latest()", "combine_latest"),
        ("order.union()", "union"),
        ("order.partition(5, \"1s\", 3)", "3"),
        ("order.delay(\"1s\", \"2s\")", "\"2s\""),
        ("order.flatten(1)", "1"),
        ("order.flatten(order)", "order"),
        ("order.latest(5)", "5"),
        ("order.pluck(a, b)", "b"),
        ("order.slice(1, 2, 3, 4)", "4"),
        ("order.union(5)", "5"),
        ("order.zip_latest(\"a\", hold)", "\"a\""),
        ("order.combine_latest(5)", "5"),
        ("order.zip(1 + 2)", "1 + 2"),
        ("order.unique(1, id_of, order)", "order"),
    ] {
        told(from, &[("WH0073", caret)]);
    }
}

#[test]
fn options_are_known_and_given_once() {
    for (from, code, caret) in [
        (
            "order.partition(5, withn = \"1s\", hold)",
            "WH0074",
            "withn",
        ),
        ("order.partition(5, retry = 3, hold)", "WH0074", "retry"),
        ("order.delay(\"1s\", hold = true)", "WH0074", "hold"),
        ("order.flatten(deep = true)", "WH0074", "deep"),
        ("order.zip(rate, on = rate, hold)", "WH0074", "on"),
        ("order.union(rate, first = rate)", "WH0074", "first"),
        (
            "order.partition(5, within = \"1s\", within = \"2s\")",
            "WH0062",
            "within",
        ),
        ("order.partition(5, n = 6, hold)", "WH0062", "n"),
        ("order.partition(5, hold, hold)", "WH0062", "hold"),
        ("order.zip(rate, hold, any_order, hold)", "WH0062", "hold"),
        ("order.partition(5, hold = true)", "WH0073", "true"),
        (
            "order.sliding_window(5, any_order = false)",
            "WH0073",
            "false",
        ),
    ] {
        told(from, &[(code, caret)]);
    }
    for (from, help) in [
        (
            "order.partition(5, withn = \"1s\")",
            "did you mean `within`?",
        ),
        (
            "order.partition(5, retry = 3)",
            "it has `n`, `within` and `hold`",
        ),
        ("order.flatten(deep = true)", "it has none"),
        (
            "order.partition(5, hold = true)",
            "write `from = order.partition(500, within = \"1s\")`",
        ),
    ] {
        let said = said(&over(from));
        assert!(said.ends_with(help), "{said}");
    }
    assert!(
        said(&over("order.partition(5, hold = true)"))
            .starts_with("`partition` takes `hold` without a value")
    );
}

#[test]
fn operators_are_known() {
    told("order.partitoin(5)", &[("WH0066", "partitoin")]);
    told("order.then(5)", &[("WH0066", "then")]);
    told("order.scatter(\"heavy\")", &[("WH0067", "scatter")]);
    told("order.gather()", &[("WH0067", "gather")]);
    assert!(said(&over("order.partitoin(5)")).ends_with("did you mean `partition`?"));
}

#[test]
fn emit_on_names_inputs() {
    for (from, caret) in [
        (
            "order.combine_latest(rate, emit_on = order.delay)",
            "order.delay",
        ),
        ("order.combine_latest(rate, emit_on = other)", "other"),
        (
            "order.combine_latest(rate, emit_on = [order, other])",
            "other",
        ),
        ("order.combine_latest(rate, emit_on = end)", "end"),
    ] {
        told(from, &[("WH0073", caret)]);
    }
}
