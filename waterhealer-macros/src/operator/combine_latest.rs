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
    what: "the latest of each input, whenever one of them (of `emit_on`) has a new value, once each has one",
    finished: "when a newer value has taken its place and the tuple that it set off, if it did, is finished",
    holds: "the latest value of each input",
    ends: "they stay unfinished, so that they are read again after a restart",
    revoked: "the partition's values leave; nothing goes on until their input has a value again",
    fails: "a failure of a tuple is that of the record that set it off; a `Clone` that panics fails its value's",
    example: "from = price.combine_latest(rate, emit_on = price)",
    program: r#"#[sink({example})]
fn convert((price, rate): (u64, u64)) {
    println!("{}", price * rate);
}"#,
};
