//! What a consumer group does: commits that are told, partitions that are revoked, lost and come back.

use std::time::Duration;

use waterhealer::prelude::*;
use waterhealer::testing::drive;

use super::{AnyError, Store};

#[pipeline(group = "pairs")]
mod pairs {
    use super::*;

    #[source(topic = "amounts")]
    fn amount(record: &Record<'_>) -> Result<u64, AnyError> {
        Ok(record.text()?.parse()?)
    }

    #[map(from = amount, concurrency = 8)]
    async fn checked(amount: u64) -> u64 {
        amount
    }

    #[sink(from = checked.partition(2, within = "1s"))]
    fn pair(amounts: Vec<u64>, written: &Store<Vec<u64>>) {
        written.put(amounts);
    }

    #[healed]
    fn told(offsets: &[Position], commits: &Store<String>) -> Result<(), String> {
        for offset in offsets {
            commits.put(offset.to_string());
        }
        match offsets {
            [first, ..] if first.offset == 99 => Err("no".to_owned()),
            _ => Ok(()),
        }
    }
}

fn pairs() -> waterhealer::Pipeline<pairs::__waterhealer::Graph> {
    pairs::pipeline(pairs::Resources {
        written: Store::new(),
        commits: Store::new(),
    })
}

#[test]
fn a_heal_tells_the_positions_that_moved() {
    let mut test = drive(pairs());
    test.records("amounts", ["1", "2", "3"]);
    test.record("amounts", 1, 50, "4");
    assert_eq!(test.healed("amounts", 0), Some(3));
    let moved = test.heal();
    assert_eq!(moved.len(), 2);
    assert!(test.heal().is_empty(), "nothing has moved since");
    assert_eq!(
        test.resources().commits.all(),
        ["amounts[0]@3", "amounts[1]@51"]
    );
    test.record("amounts", 1, 97, "5");
    test.record("amounts", 1, 98, "6");
    test.heal();
    assert_eq!(test.halted().map(|halted| halted.stage), Some("told"));
}

#[test]
fn a_revoke_takes_its_records_out_of_a_window_and_the_others_stay() {
    let mut test = drive(pairs());
    test.records("amounts", ["1", "2", "3"]);
    test.revoke("amounts", 0);
    assert_eq!(
        test.healed("amounts", 0),
        Some(2),
        "committed at the revoke"
    );
    assert_eq!(test.resources().commits.all(), ["amounts[0]@2"]);
    assert!(test.held().is_empty(), "3 has left the window");
    test.record("amounts", 1, 0, "10");
    assert_eq!(test.held()[0].values, 1);
    test.advance(Duration::from_secs(1));
    assert_eq!(test.resources().written.all(), [vec![1, 2], vec![10]]);

    // The next owner reads it again; here that is this pipeline.
    test.assign("amounts", 0);
    test.record("amounts", 0, 2, "3");
    test.advance(Duration::from_secs(1));
    assert_eq!(test.healed("amounts", 0), Some(3));
}

#[test]
fn a_late_answer_settles_nowhere() {
    let mut test = drive(pairs());
    test.hold_answers();
    test.records("amounts", ["1", "2"]);
    test.revoke("amounts", 0);
    test.assign("amounts", 0);
    test.records("amounts", ["3", "4"]);
    assert_eq!(test.calls().len(), 4);
    test.answer(0);
    test.answer(0);
    assert_eq!(test.healed("amounts", 0), Some(2), "3 and 4 are under way");
    test.settle();
    assert_eq!(test.healed("amounts", 0), Some(4));
    assert!(test.failures().is_empty());
}

#[test]
fn a_late_answer_is_held_nowhere() {
    let mut test = drive(pairs());
    test.hold_answers();
    test.records("amounts", ["1"]);
    test.revoke("amounts", 0);
    test.answer(0);
    assert!(test.held().is_empty(), "{:?}", test.held());
    test.record("amounts", 1, 0, "2");
    test.answer(0);
    assert!(test.resources().written.all().is_empty(), "2 waits alone");
}

#[test]
fn what_is_lost_is_not_committed() {
    let mut test = drive(pairs());
    test.records("amounts", ["1", "2"]);
    test.heal();
    test.records("amounts", ["3", "4", "5"]);
    assert_eq!((test.healed("amounts", 0), test.held().len()), (Some(4), 1));
    test.lose("amounts", 0);
    assert!(test.held().is_empty(), "5 has left the window");
    assert_eq!(test.healed("amounts", 0), Some(2), "as it was healed");
    assert_eq!(test.resources().commits.all(), ["amounts[0]@2"]);
}

#[test]
fn held_answers_are_unfinished_at_the_end() {
    let mut test = drive(pairs());
    test.hold_answers();
    test.records("amounts", ["1", "2"]);
    test.answer(0);
    let end = test.end();
    assert_eq!(end.finished, 1, "drained out of the window");
    assert_eq!(end.unfinished[0].to_string(), "amounts[0]@1");
    assert_eq!(end.committed[0].offset, 1);
}

#[test]
fn a_test_that_ends_early_leaves_nothing_to_the_next() {
    for _ in 0..3 {
        let mut test = drive(pairs());
        test.hold_answers();
        test.records("amounts", ["1", "2", "3"]);
        test.answer(1);
        assert!(test.failures().is_empty());
    }
}
