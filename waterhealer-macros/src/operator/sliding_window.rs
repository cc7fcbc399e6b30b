//! `sliding_window(n)`: with each value the last `n` of them.

use super::{
    ANY_ORDER, Cardinality, Form, Gives, Inputs, LEAVE, Machine, Operator, optional, required,
};

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
    what: "with each value a batch of the last `n`; with `partial = true`, shorter ones at the start",
    finished: "when it has left the window and all batches it was in are finished",
    holds: "the last `n` − 1 values, of which the window gives clones",
    ends: "they stay unfinished, so that after a restart the window fills up again",
    revoked: LEAVE,
    fails: "a `Clone` that panics fails the record of its value, which leaves the window, and that window is not given; a failure of a batch is that of all its records",
    example: "from = price.sliding_window(3)",
    program: r#"#[sink({example})]
fn average(prices: Vec<u64>) {
    println!("{}", prices.iter().sum::<u64>() / 3);
}"#,
};
