//! `timed_window("…")`: what comes between two ticks becomes one batch.

use super::{BATCH_FAILS, Cardinality, Form, Gives, Inputs, LEAVE, Machine, Operator, required};

pub(super) const TIMED_WINDOW: Operator = Operator {
    name: "timed_window",
    inputs: Inputs::One,
    parameters: &[required("interval", Form::Time)],
    cardinality: Cardinality::Regroup,
    gives: Gives::Rows,
    machine: Machine::State("TimedWindow"),
    ordered: false,
    unbounded: None,
    what: "all that comes between two ticks of a clock becomes one batch; where nothing came, there is none",
    finished: "when its batch is, or its own row of it",
    holds: "what has come since the last tick",
    ends: "the batch goes on as it is",
    revoked: LEAVE,
    fails: BATCH_FAILS,
    example: "from = order.timed_window(\"1s\")",
    program: r#"#[sink({example})]
fn per_second(orders: Vec<Order>) {
    println!("{} orders in a second", orders.len());
}"#,
};
