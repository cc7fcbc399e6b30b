//! `partition_time("…")`: what comes in a time becomes one batch.

use super::{BATCH_FAILS, Cardinality, Form, Gives, Inputs, LEAVE, Machine, Operator, required};

pub(super) const PARTITION_TIME: Operator = Operator {
    name: "partition_time",
    inputs: Inputs::One,
    parameters: &[required("time", Form::Time)],
    cardinality: Cardinality::Regroup,
    gives: Gives::Rows,
    machine: Machine::State("PartitionTime"),
    ordered: false,
    unbounded: None,
    what: "all that comes within a time of the first becomes one batch",
    finished: "when its batch is, or its own row of it",
    holds: "what has come in that time",
    ends: "the batch goes on as it is",
    revoked: LEAVE,
    fails: BATCH_FAILS,
    example: "from = order.partition_time(\"3s\")",
    program: r#"#[sink({example})]
fn count(orders: Vec<Order>) {
    println!("{} orders", orders.len());
}"#,
};
