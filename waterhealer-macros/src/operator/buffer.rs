//! `buffer(n)`: so many values may wait in front of what is slow.

use super::{
    Cardinality, Form, Gives, Inputs, Machine, NO_CODE, Operator, WAITING_ENDS, WAITING_LEAVES,
    required,
};

pub(super) const BUFFER: Operator = Operator {
    name: "buffer",
    inputs: Inputs::One,
    parameters: &[required("n", Form::Count)],
    cardinality: Cardinality::One,
    gives: Gives::Same,
    machine: Machine::Wait,
    ordered: false,
    unbounded: None,
    what: "lets `n` values wait in front of an async node or a `rate_limit` before the reading of new records is held back",
    finished: "where its value ends",
    holds: "up to `n` values, and those of the record that was one too many",
    ends: WAITING_ENDS,
    revoked: WAITING_LEAVES,
    fails: NO_CODE,
    example: "from = order.buffer(1000)",
    program: r#"#[sink({example}, concurrency = 8)]
async fn store(order: Order) -> std::io::Result<()> {
    insert(order).await
}"#,
};
