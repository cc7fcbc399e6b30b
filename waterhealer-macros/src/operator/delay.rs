//! `delay("…")`: each value so much later.

use super::{Cardinality, Form, Gives, Inputs, Machine, Operator, required};

pub(super) const DELAY: Operator = Operator {
    name: "delay",
    inputs: Inputs::One,
    parameters: &[required("time", Form::Time)],
    cardinality: Cardinality::One,
    gives: Gives::Same,
    machine: Machine::State("Delay"),
    ordered: false,
    unbounded: None,
    what: "each value that much later, in order",
    finished: "where it ends",
    holds: "what came in that time; at the end it stays unfinished",
    example: "from = order.delay(\"5s\")",
};
