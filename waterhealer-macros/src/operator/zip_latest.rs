//! `zip_latest(b, …)`: each value with the latest of the others.

use super::{ANY_ORDER, Cardinality, Gives, HOLD, Inputs, Machine, Operator, STAYS, Unbounded};

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
        but: None,
        what: "values wait until every other input has given one, for ever where one does not",
        instead: "`combine_latest`, which holds one value of each",
    }),
    what: "each value of the first input with the latest of the others; none of the first is lost",
    finished: "of the first input: when its tuple is. Of the others: when a newer value has taken its place",
    holds: "the latest value of each other input; until each of them has one, all values of the first",
    ends: STAYS,
    revoked: "the partition's values leave; where one was the latest of its input, the first input waits until it has one again",
    fails: "a failure of a tuple is that of the first input's record; a `Clone` that panics fails its value's",
    example: "from = order.zip_latest(rate, hold)",
    program: r#"#[sink({example})]
fn convert((order, rate): (Order, u64)) {
    println!("{}", order.total * rate);
}"#,
};
