//! `partition_time("…")`: what comes in a time becomes one batch.

use super::{Cardinality, Form, Gives, Inputs, Machine, Operator, required};

pub(super) const PARTITION_TIME: Operator = Operator {
    name: "partition_time",
    inputs: Inputs::One,
    parameters: &[required("time", Form::Time)],
    cardinality: Cardinality::Regroup,
    gives: Gives::Rows,
    machine: Machine::State("PartitionTime"),
    ordered: false,
    unbounded: None,
    what: "all that comes within a time of the first becomes one batch",
    finished: "when its batch is",
    holds: "what came in that time; at the end it goes on",
    example: "from = order.partition_time(\"3s\")",
};
