//! `buffer(n)`: so many values may wait in front of what is slow.

use super::{Cardinality, Form, Gives, Inputs, Machine, Operator, required};

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
    finished: "where it ends",
    holds: "up to `n` values and those of the record that was one too many",
    example: "from = order.buffer(1000)",
};
