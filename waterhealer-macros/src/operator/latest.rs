//! `latest()`: only the newest value waits in front of what is slow.

use super::{
    Cardinality, DROP_FAILS, Gives, Inputs, Machine, Operator, WAITING_ENDS, WAITING_LEAVES,
};

pub(super) const LATEST: Operator = Operator {
    name: "latest",
    inputs: Inputs::One,
    parameters: &[],
    cardinality: Cardinality::Subset,
    gives: Gives::Same,
    machine: Machine::Wait,
    ordered: false,
    unbounded: None,
    what: "lets only the newest value wait in front of an async node or a `rate_limit`",
    finished: "where its value ends; one that a newer took the place of, here",
    holds: "one value",
    ends: WAITING_ENDS,
    revoked: WAITING_LEAVES,
    fails: DROP_FAILS,
    example: "from = price.latest()",
    program: r#"#[sink({example})]
async fn show(price: u64) {
    println!("{price}");
}"#,
};
