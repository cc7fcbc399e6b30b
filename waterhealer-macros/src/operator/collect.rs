//! `collect(flush = node)`: values are held until another node gives one.

use super::{
    BATCH_FAILS, Cardinality, Form, Gives, HOLD, Inputs, LEAVE, Machine, Operator, STAYS,
    Unbounded, required,
};

pub(super) const COLLECT: Operator = Operator {
    name: "collect",
    inputs: Inputs::One,
    parameters: &[required("flush", Form::Node), HOLD],
    cardinality: Cardinality::Regroup,
    gives: Gives::Rows,
    machine: Machine::State("Collect"),
    ordered: false,
    unbounded: Some(Unbounded {
        unless: None,
        but: None,
        what: "values wait for `flush`, for ever where it gives none",
        instead: "`partition_time(\"…\")`, which a clock flushes",
    }),
    what: "values are held until the node `flush` gives one; then they become one batch",
    finished: "when its batch is; the record of the value that flushed it too. With nothing held, that one is finished at once",
    holds: "everything since the last flush",
    ends: STAYS,
    revoked: LEAVE,
    fails: BATCH_FAILS,
    example: "from = order.collect(flush = tick, hold)",
    program: r#"#[sink({example})]
fn store(orders: Vec<Order>) {
    println!("{} orders since the last tick", orders.len());
}"#,
};
