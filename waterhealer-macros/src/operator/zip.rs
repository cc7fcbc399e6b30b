//! `zip(b, …)`: one value of each input becomes a tuple.

use super::{ANY_ORDER, Cardinality, Gives, HOLD, Inputs, Machine, Operator, Unbounded};

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
        what: "values of one source wait for partners from another, for ever where none come",
        instead: "`zip_latest` or `combine_latest`, or zip branches of one source, which pair by record",
    }),
    what: "branches of one source pair by record; of several sources, by arrival. Texts and numbers are put in as they are",
    finished: "when its tuple is; one whose partner was filtered, skipped or sent away is finished too",
    holds: "values that wait for their partner; at the end they stay unfinished",
    example: "from = left.zip(right)",
};
