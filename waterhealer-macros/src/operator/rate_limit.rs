//! `rate_limit("…")`: at most one value in a time.

use super::{Cardinality, Form, Gives, Inputs, Machine, Operator, required};

pub(super) const RATE_LIMIT: Operator = Operator {
    name: "rate_limit",
    inputs: Inputs::One,
    parameters: &[required("interval", Form::Time)],
    cardinality: Cardinality::One,
    gives: Gives::Same,
    machine: Machine::State("RateLimit"),
    ordered: false,
    unbounded: None,
    what: "at most one value in each interval; what waits holds back the reading of new records",
    finished: "where it ends",
    holds: "what waits for its turn; at the end it stays unfinished",
    example: "from = order.rate_limit(\"10ms\")",
};
