//! `slice(start, end, step)`: some values, by their number.

use super::{
    Cardinality, DROP_FAILS, Default, Form, Gives, Inputs, Machine, NOTHING, Operator, Parameter,
    optional,
};

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
    what: "values by their number since the start of the process, from 0: from `start` to before `end`, one in `step`. Those of all partitions are counted together",
    finished: "where its value ends; one that is left out, here",
    holds: NOTHING,
    ends: NOTHING,
    revoked: NOTHING,
    fails: DROP_FAILS,
    example: "from = order.slice(0, 100)",
    program: r#"#[sink({example})]
fn look(order: Order) {
    println!("{order:?}");
}"#,
};
