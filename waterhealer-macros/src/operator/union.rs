//! `union(b, …)`: the values of several nodes, as they come.

use super::{Cardinality, Gives, Inputs, Machine, NO_CODE, NOTHING, Operator};

pub(super) const UNION: Operator = Operator {
    name: "union",
    inputs: Inputs::Union,
    parameters: &[],
    cardinality: Cardinality::One,
    gives: Gives::Same,
    machine: Machine::Straight,
    ordered: false,
    unbounded: None,
    what: "the values of several nodes of one type, as they come",
    finished: "where its values end",
    holds: NOTHING,
    ends: NOTHING,
    revoked: NOTHING,
    fails: NO_CODE,
    example: "from = left.union(right)",
    program: r#"#[sink({example})]
fn print(cents: u64) {
    println!("{cents}");
}"#,
};
