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
    what: "values whose key was not among the last `history` keys; without `history`, not seen since the start",
    finished: "where it ends; one seen before, here",
    holds: "no value, only keys; they are gone after a restart",
    example: "from = order.unique(history = 1000, key = |order| order.id)",
};
