//! `delay("…")`: each value so much later.

use super::{Cardinality, Form, Gives, Inputs, LEAVE, Machine, NO_CODE, Operator, required};

pub(super) const DELAY: Operator = Operator {
    name: "delay",
    inputs: Inputs::One,
    parameters: &[required("time", Form::Time)],
    cardinality: Cardinality::One,
    gives: Gives::Same,
    machine: Machine::State("Delay"),
    ordered: false,
    unbounded: None,
    what: "each value that much later, in order",
    finished: "where its value ends",
    holds: "what has come in that time",
    ends: "it stays unfinished and is read again: it may not go on early",
    revoked: LEAVE,
    fails: NO_CODE,
    example: "from = order.delay(\"5s\")",
    program: r#"#[sink({example})]
fn print(order: Order) {
    println!("{order:?}");
}"#,
};
