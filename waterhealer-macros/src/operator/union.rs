//! `union(b, …)`: the values of several nodes, as they come.

use super::{Cardinality, Gives, Inputs, Machine, Operator};

pub(super) const UNION: Operator = Operator {
    name: "union",
    inputs: Inputs::Union,
    parameters: &[],
    cardinality: Cardinality::One,
    gives: Gives::Same,
    machine: Machine::Straight,
    ordered: false,
    unbounded: None,
    what: "the values of several nodes, as they come",
    finished: "where its values end",
    holds: "nothing",
    example: "from = left.union(right)",
};
