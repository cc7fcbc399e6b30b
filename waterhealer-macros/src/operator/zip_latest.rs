//! `zip_latest(b, …)`: each value with the latest of the others.

use super::{ANY_ORDER, Cardinality, Gives, HOLD, Inputs, Machine, Operator, Unbounded};

pub(super) const ZIP_LATEST: Operator = Operator {
    name: "zip_latest",
    inputs: Inputs::Several,
    parameters: &[HOLD, ANY_ORDER],
    cardinality: Cardinality::Merge,
    gives: Gives::Tuple,
    machine: Machine::Joint("ZipLatest"),
    ordered: true,
    unbounded: Some(Unbounded {
        unless: None,
        what: "values wait until every other input has given one, for ever where one does not",
        instead: "`combine_latest`, which holds one value of each",
    }),
    what: "each value of the first input with the latest of the others",
    finished: "of the first: when its tuple is; of the others: when a newer one has come",
    holds: "the latest of the others; of the first, what came before each of them had one",
    example: "from = order.zip_latest(rate, hold)",
};
