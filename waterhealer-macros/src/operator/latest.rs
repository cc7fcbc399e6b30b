//! `latest()`: only the newest value waits in front of what is slow.

use super::{Cardinality, Gives, Inputs, Machine, Operator};

pub(super) const LATEST: Operator = Operator {
    name: "latest",
    inputs: Inputs::One,
    parameters: &[],
    cardinality: Cardinality::Subset,
    gives: Gives::Same,
    machine: Machine::Wait,
    ordered: false,
    unbounded: None,
    what: "lets only the newest value wait in front of an async node or a `rate_limit`",
    finished: "where it ends; one that a newer took the place of, here",
    holds: "one value",
    example: "from = price.latest()",
};
