//! `partition(n, within = "…")`: so many values become one batch.

use super::{
    Cardinality, Form, Gives, HOLD, Inputs, Machine, Operator, Unbounded, optional, required,
};

pub(super) const PARTITION: Operator = Operator {
    name: "partition",
    inputs: Inputs::One,
    parameters: &[
        required("n", Form::Count),
        optional("within", Form::Time),
        HOLD,
    ],
    cardinality: Cardinality::Regroup,
    gives: Gives::Rows,
    machine: Machine::State("Partition"),
    ordered: false,
    unbounded: Some(Unbounded {
        unless: Some("within"),
        what: "fewer than `n` values wait for more, for ever where none come",
        instead: "`within = \"1s\"`, so that a short batch goes on after that time",
    }),
    what: "`n` values become one batch; with `within`, also those that have come so long after the first",
    finished: "when its batch is",
    holds: "fewer than `n` values; at the end they go on with `within`, and stay unfinished without",
    example: "from = order.partition(500, within = \"1s\")",
};
