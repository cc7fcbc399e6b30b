//! `partition(n, within = "…")`: so many values become one batch.

use super::{
    BATCH_FAILS, Cardinality, Form, Gives, HOLD, Inputs, LEAVE, Machine, Operator, Unbounded,
    optional, required,
};

pub(super) const PARTITION: Operator = Operator {
    name: "partition",
    inputs: Inputs::One,
    parameters: &[
        required("n", Form::Count),
        optional("within", Form::Time),
        HOLD,
    ],
    cardinality: Cardinality::Regroup,
    gives: Gives::Rows,
    machine: Machine::State("Partition"),
    ordered: false,
    unbounded: Some(Unbounded {
        unless: Some("within"),
        but: Some("`within` is given"),
        what: "fewer than `n` values wait for more, for ever where none come",
        instead: "`within = \"1s\"`, so that a short batch goes on after that time",
    }),
    what: "`n` values become one batch; with `within`, also fewer, once that time has passed since the first of them",
    finished: "when its batch is, or its own row of it",
    holds: "fewer than `n` values",
    ends: "with `within` they go on as a short batch; without, they stay unfinished and are read again",
    revoked: LEAVE,
    fails: BATCH_FAILS,
    example: "from = order.partition(500, within = \"1s\")",
    program: r#"#[sink({example}, on_error = skip)]
fn store(orders: Batch<Order>) -> Done {
    orders.try_for_each(write).done() // an order that fails is skipped alone
}"#,
};
