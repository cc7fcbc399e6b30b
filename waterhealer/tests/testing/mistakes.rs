//! What a test is told when it asks for what cannot be.

use waterhealer::prelude::*;
use waterhealer::testing::{Drive, drive};

#[pipeline(group = "g")]
mod plain {
    use super::*;

    #[source(topics = ["a", "b"])]
    fn byte(record: &Record<'_>) -> usize {
        record.value().map_or(0, <[u8]>::len)
    }

    #[sink(from = byte)]
    fn end(_byte: usize) {}
}

fn plain() -> Drive<plain::__waterhealer::Graph> {
    drive(plain::pipeline())
}

#[test]
#[should_panic(expected = "`plain` does not read the topic `c`: it reads `a`, `b`")]
fn an_unknown_topic_names_the_known_ones() {
    plain().record("c", 0, 0, "x");
}

#[test]
#[should_panic(expected = "`plain` does not write the topic `a`: it writes none")]
fn an_unwritten_topic_names_the_written_ones() {
    plain().produced("a");
}

#[test]
#[should_panic(expected = "offset 3 of a[0] comes after 3: within one assignment offsets go up")]
fn offsets_go_up() {
    let mut test = plain();
    test.record("a", 0, 3, "x");
    test.record("a", 0, 3, "x");
}

#[test]
#[should_panic(
    expected = "a[0] was given up, so no record of it comes: call `assign(\"a\", 0)` first"
)]
fn a_revoked_partition_gives_no_records() {
    let mut test = plain();
    test.record("a", 0, 3, "x");
    test.revoke("a", 0);
    test.record("a", 0, 4, "x");
}

#[test]
#[should_panic(expected = "a[1] is not assigned: push a record of it first, or `assign` it")]
fn what_is_not_assigned_is_not_revoked() {
    plain().revoke("a", 1);
}

#[test]
#[should_panic(expected = "there is no call 0 to answer: 0 under way")]
fn a_call_that_is_not_there_is_not_answered() {
    plain().answer(0);
}

#[test]
#[should_panic(expected = "there is no message 0 to acknowledge: 0 wait")]
fn a_message_that_is_not_there_is_not_acknowledged() {
    plain().acknowledge(0);
}

#[test]
#[should_panic(expected = "the pipeline has ended")]
fn nothing_comes_after_the_end() {
    let mut test = plain();
    test.end();
    test.record("a", 0, 0, "x");
}

#[test]
#[should_panic(expected = "`testing::drive` has a Tokio runtime of its own")]
fn it_is_not_driven_from_inside_a_runtime() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _inside = runtime.enter();
    plain();
}
