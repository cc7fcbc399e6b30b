//! `flatten()`: the elements of a batch or a collection, one by one.

use super::{Cardinality, Gives, Inputs, Machine, NOTHING, Operator};

pub(super) const FLATTEN: Operator = Operator {
    name: "flatten",
    inputs: Inputs::One,
    parameters: &[],
    cardinality: Cardinality::Many,
    gives: Gives::Elements,
    machine: Machine::Inline,
    ordered: false,
    unbounded: None,
    what: "the elements of a batch or a collection, one by one",
    finished: "of a batch: each row by itself. Of a collection: when all its elements are; where it is empty, here",
    holds: NOTHING,
    ends: NOTHING,
    revoked: NOTHING,
    fails: "an iterator that panics fails its record",
    example: "from = rows.flatten()",
    program: r#"#[sink({example})]
fn print(order: Order) {
    println!("{order:?}");
}"#,
};
