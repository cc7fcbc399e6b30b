//! `timed_window("…")`: what comes between two ticks becomes one batch.

use super::{Cardinality, Form, Gives, Inputs, Machine, Operator, required};

pub(super) const TIMED_WINDOW: Operator = Operator {
    name: "timed_window",
    inputs: Inputs::One,
    parameters: &[required("interval", Form::Time)],
    cardinality: Cardinality::Regroup,
    gives: Gives::Rows,
    machine: Machine::State("TimedWindow"),
    ordered: false,
    unbounded: None,
    what: "all that comes between two ticks of a clock becomes one batch; none where nothing came",
    finished: "when its batch is",
    holds: "what came since the last tick; at the end it goes on",
    example: "from = order.timed_window(\"1s\")",
};
