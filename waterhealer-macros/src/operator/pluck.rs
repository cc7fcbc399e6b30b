//! `pluck(field)`: a part of each value.

use super::{Cardinality, Form, Gives, Inputs, Machine, NOTHING, Operator, required};

pub(super) const PLUCK: Operator = Operator {
    name: "pluck",
    inputs: Inputs::One,
    parameters: &[required("field", Form::Fields)],
    cardinality: Cardinality::One,
    gives: Gives::Part,
    machine: Machine::Inline,
    ordered: false,
    unbounded: None,
    what: "a field of each value, by name or number; several in brackets become a tuple",
    finished: "where its part ends",
    holds: NOTHING,
    ends: NOTHING,
    revoked: NOTHING,
    fails: "a `Drop` of the rest of the value that panics fails its record",
    example: "from = order.pluck(total)",
    program: r#"#[sink({example})]
fn print(total: u64) {
    println!("{total}");
}"#,
};
