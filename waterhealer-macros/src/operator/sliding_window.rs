//! `sliding_window(n)`: with each value the last `n` of them.

use super::{ANY_ORDER, Cardinality, Form, Gives, Inputs, Machine, Operator, optional, required};

pub(super) const SLIDING_WINDOW: Operator = Operator {
    name: "sliding_window",
    inputs: Inputs::One,
    parameters: &[
        required("n", Form::Count),
        optional("partial", Form::Truth),
        ANY_ORDER,
    ],
    cardinality: Cardinality::Regroup,
    gives: Gives::Rows,
    machine: Machine::State("SlidingWindow"),
    ordered: true,
    unbounded: None,
    what: "with each value a batch of the last `n`; shorter ones at the start with `partial = true`",
    finished: "when it has left the window and all batches it was in are finished",
    holds: "the last `n` − 1 values, so that they are read again after a restart",
    example: "from = price.sliding_window(3)",
};
