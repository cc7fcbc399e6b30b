//! `collect(flush = node)`: values are held until another node gives one.

use super::{Cardinality, Form, Gives, HOLD, Inputs, Machine, Operator, Unbounded, required};

pub(super) const COLLECT: Operator = Operator {
    name: "collect",
    inputs: Inputs::One,
    parameters: &[required("flush", Form::Node), HOLD],
    cardinality: Cardinality::Regroup,
    gives: Gives::Rows,
    machine: Machine::State("Collect"),
    ordered: false,
    unbounded: Some(Unbounded {
        unless: None,
        what: "values wait for `flush`, for ever where it gives none",
        instead: "`partition_time(\"…\")`, which a clock flushes",
    }),
    what: "values are held until `flush` gives one, and then become one batch",
    finished: "when its batch is, the flushing record too",
    holds: "everything since the last flush; at the end it stays unfinished",
    example: "from = order.collect(flush = tick, hold)",
};
