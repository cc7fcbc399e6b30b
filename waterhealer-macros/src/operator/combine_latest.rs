//! `combine_latest(b, …, emit_on = a)`: the latest of each, whenever one changes.

use super::{ANY_ORDER, Cardinality, Form, Gives, Inputs, Machine, Operator, optional};

pub(super) const COMBINE_LATEST: Operator = Operator {
    name: "combine_latest",
    inputs: Inputs::Several,
    parameters: &[optional("emit_on", Form::Ports), ANY_ORDER],
    cardinality: Cardinality::Merge,
    gives: Gives::Tuple,
    machine: Machine::Joint("CombineLatest"),
    ordered: true,
    unbounded: None,
    what: "the latest of each input, whenever one of them (of `emit_on`) changes",
    finished: "when a newer one has come and the tuples that it set off are finished",
    holds: "the latest of each input, so that it is read again after a restart",
    example: "from = price.combine_latest(rate, emit_on = price)",
};
