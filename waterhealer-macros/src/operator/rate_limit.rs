//! `rate_limit("…")`: at most one value in a time.

use super::{Cardinality, DROP_FAILS, Form, Gives, Inputs, LEAVE, Machine, Operator, required};

pub(super) const RATE_LIMIT: Operator = Operator {
    name: "rate_limit",
    inputs: Inputs::One,
    parameters: &[required("interval", Form::Time)],
    cardinality: Cardinality::One,
    gives: Gives::Same,
    machine: Machine::State("RateLimit"),
    ordered: false,
    unbounded: None,
    what: "at most one value in each interval; while more wait than a `buffer` before it has room for, no new record is read",
    finished: "where its value ends; after `latest`, one that a newer took the place of, here",
    holds: "what waits for its turn",
    ends: "it stays unfinished and is read again: it may not go on early",
    revoked: LEAVE,
    fails: DROP_FAILS,
    example: "from = order.rate_limit(\"10ms\")",
    program: r#"#[sink({example})]
fn call(order: Order) {
    println!("{order:?}");
}"#,
};
