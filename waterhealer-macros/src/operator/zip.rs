//! `zip(b, …)`: one value of each input becomes a tuple.

use super::{ANY_ORDER, Cardinality, Gives, HOLD, Inputs, Machine, Operator, STAYS, Unbounded};

pub(super) const ZIP: Operator = Operator {
    name: "zip",
    inputs: Inputs::SeveralAndLiterals,
    parameters: &[HOLD, ANY_ORDER],
    cardinality: Cardinality::Merge,
    gives: Gives::Tuple,
    machine: Machine::Joint("Zip"),
    ordered: true,
    unbounded: Some(Unbounded {
        unless: None,
        but: Some("it pairs by record"),
        what: "values of one source wait for partners from another, for ever where none come",
        instead: "`zip_latest` or `combine_latest`, or zip branches of one source, which pair by record",
    }),
    what: "one value of each input becomes a tuple. Branches of one source pair by record, whatever order they arrive in; inputs from different sources by arrival. Texts and numbers are put in as they are",
    finished: "when its tuple is. By record: one whose partner was filtered or skipped is finished as well",
    holds: "values that wait for their partners; by record, no more than there are records in flight",
    ends: STAYS,
    revoked: "the partition's values leave; by arrival, those behind them move up",
    fails: "a failure of a tuple is that of all records in it",
    example: "from = left.zip(right)",
    program: r#"#[sink({example})]
fn compare((left, right): (u64, u64)) {
    println!("{left} {right}");
}"#,
};
