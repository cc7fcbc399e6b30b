//! `checkpoint()`: the last value that comes by is kept, to be looked at.

use super::{Cardinality, Gives, Inputs, Machine, NO_CODE, NOTHING, Operator};

pub(super) const CHECKPOINT: Operator = Operator {
    name: "checkpoint",
    inputs: Inputs::One,
    parameters: &[],
    cardinality: Cardinality::One,
    gives: Gives::Same,
    machine: Machine::Mark,
    ordered: false,
    unbounded: None,
    what: "keeps the last value that comes by for whoever looks, as the option `checkpoint` of a node does, and nothing else",
    finished: "where its value ends",
    holds: NOTHING,
    ends: NOTHING,
    revoked: NOTHING,
    fails: NO_CODE,
    example: "from = order.partition(100, within = \"1s\").checkpoint()",
    program: r#"#[sink({example})]
fn store(orders: Batch<Order>) -> Done {
    orders.done()
}"#,
};
