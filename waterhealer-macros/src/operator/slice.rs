//! `slice(start, end, step)`: some values, by their number.

use super::{Cardinality, Default, Form, Gives, Inputs, Machine, Operator, Parameter, optional};

pub(super) const SLICE: Operator = Operator {
    name: "slice",
    inputs: Inputs::One,
    parameters: &[
        Parameter {
            name: "start",
            form: Form::Number,
            default: Default::Number(0),
        },
        optional("end", Form::Number),
        Parameter {
            name: "step",
            form: Form::Count,
            default: Default::Number(1),
        },
    ],
    cardinality: Cardinality::Subset,
    gives: Gives::Same,
    machine: Machine::State("Slice"),
    ordered: false,
    unbounded: None,
    what: "values by their number since the start: from `start` to before `end`, every `step`th",
    finished: "where it ends; those left out, here",
    holds: "nothing",
    example: "from = order.slice(0, 100)",
};
