//! `unique(history = …, key = …)`: no value twice.

use super::{Cardinality, Form, Gives, Inputs, Machine, Operator, optional};

pub(super) const UNIQUE: Operator = Operator {
    name: "unique",
    inputs: Inputs::One,
    parameters: &[optional("history", Form::Count), optional("key", Form::Key)],
    cardinality: Cardinality::Subset,
    gives: Gives::Same,
    machine: Machine::State("Unique"),
    ordered: false,
    unbounded: None,
    what: "values whose key was not among the last `history` keys; without `history`, not seen since the start. Without `key`, the value is its own key",
    finished: "where its value ends; one whose key was seen before, here",
    holds: "no value, only keys: `history` of them, or without it every key ever seen. They are gone after a restart, and processes of one group share none: copies may come through then",
    ends: "nothing happens",
    revoked: "keys that were first seen in records of the partition are forgotten, since those records may be read again",
    fails: "a `key`, or a comparing or hashing of keys, that panics fails the record",
    example: "from = order.unique(history = 1000, key = |order| order.id)",
    program: r#"#[sink({example})]
fn store(order: Order) {
    println!("{order:?}");
}"#,
};
