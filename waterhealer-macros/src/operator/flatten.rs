//! `flatten()`: the elements of a batch or a collection, one by one.

use super::{Cardinality, Gives, Inputs, Machine, Operator};

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
    finished: "of a batch: each row by itself; of a collection: when all its elements are",
    holds: "nothing",
    example: "from = rows.flatten()",
};
