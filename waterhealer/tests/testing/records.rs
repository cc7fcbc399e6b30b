//! Records through plain functions: chains, fan-out, skips, halts, panics, carriers, values sent in by hand.

use waterhealer::EmitError;
use waterhealer::prelude::*;
use waterhealer::testing::{Incoming, drive};

use super::{AnyError, Store};

#[pipeline(group = "sums")]
mod sums {
    use super::*;

    #[source(topics = ["amounts", "returns"], on_error = skip)]
    fn amount(record: &Record<'_>) -> Result<u64, AnyError> {
        Ok(record.text()?.parse()?)
    }

    #[source(emit)]
    fn by_hand(amount: u64) -> u64 {
        amount
    }

    #[filter(from = amount.union(by_hand))]
    fn some(amount: &u64) -> bool {
        *amount > 0
    }

    #[map(from = some)]
    fn doubled(amount: u64) -> Result<u64, String> {
        match amount {
            13 => Err("thirteen".to_owned()),
            666 => panic!("the beast"),
            _ => Ok(amount * 2),
        }
    }

    #[sink(from = doubled)]
    fn keep(amount: u64, kept: &Store<u64>) {
        kept.put(amount);
    }

    #[sink(from = amount)]
    fn count(_amount: &u64) {}
}

#[pipeline(group = "seen")]
mod seen {
    use super::*;

    #[source(topic = "events")]
    fn event(record: &Record<'_>) -> Vec<u8> {
        record.value().unwrap_or(b"gone").to_vec()
    }

    #[sink(from = event)]
    fn look(event: Tracked<Vec<u8>>, lines: &Store<String>) -> Done {
        let key = String::from_utf8_lossy(event.key().unwrap_or(b"-")).into_owned();
        let trace = event
            .headers()
            .map(|(name, _)| name.to_owned())
            .collect::<String>();
        let value = String::from_utf8_lossy(event.value()).into_owned();
        let (position, time) = (event.position(), event.timestamp());
        lines.put(format!("{position} {key} {trace} {time:?} {value}"));
        event.done()
    }
}

fn sums() -> waterhealer::Pipeline<sums::__waterhealer::Graph> {
    sums::pipeline(sums::Resources { kept: Store::new() })
}

#[test]
fn a_chain_finishes_each_record_at_once() {
    let mut test = drive(sums());
    assert_eq!(test.healed("amounts", 0), None);
    test.record("amounts", 0, 7, "1");
    test.record("amounts", 0, 9, b"0");
    test.record("returns", 3, 0, "2".to_owned());
    assert_eq!(test.healed("amounts", 0), Some(10), "gaps cost nothing");
    assert_eq!(test.healed("returns", 3), Some(1));
    assert_eq!(test.resources().kept.all(), [2, 4]);
    assert!(test.unfinished().is_empty() && test.failures().is_empty());
}

#[test]
fn a_skipped_record_is_finished_and_told_of() {
    let mut test = drive(sums());
    test.records("amounts", ["1", "one", "3"]);
    assert_eq!(test.healed("amounts", 0), Some(3));
    let [failed] = test.failures() else {
        panic!("{:?}", test.failures());
    };
    assert_eq!(
        (failed.stage, failed.position.to_string(), failed.skipped),
        ("amount", "amounts[0]@1".to_owned(), true)
    );
    assert!(failed.error.contains("invalid digit"), "{}", failed.error);
    assert_eq!(test.halted(), None);
    let end = test.end();
    assert_eq!((end.finished, end.skipped), (3, 1));
}

#[test]
fn a_failure_halts_and_nothing_after_it_is_taken_in() {
    for (bad, error) in [("13", "thirteen"), ("666", "panicked: the beast")] {
        let mut test = drive(sums());
        test.records("amounts", ["1", bad, "3"]);
        let halted = test.halted().expect("it has halted");
        assert_eq!(
            (halted.stage, &*halted.error, halted.position.offset),
            ("doubled", error, 1)
        );
        assert_eq!(test.healed("amounts", 0), Some(1));
        assert_eq!(test.queued(), 1);
        assert_eq!(test.resources().kept.all(), [2]);
        let end = test.end();
        assert_eq!(end.committed[0].offset, 1);
        assert_eq!(end.unfinished[0].to_string(), "amounts[0]@1");
        assert_eq!(end.unfinished.len(), 1, "3 was never taken in");
    }
}

#[test]
fn a_stage_sees_what_the_record_has() {
    let mut test = drive(seen::pipeline(seen::Resources {
        lines: Store::new(),
    }));
    test.push(
        Incoming::new("events", "made")
            .partition(2)
            .offset(40)
            .key(7)
            .header("trace", "x")
            .timestamp(5),
    );
    test.push(Incoming::tombstone("events").partition(2));
    assert_eq!(
        test.resources().lines.all(),
        [
            "events[2]@40 7 trace Some(5) made",
            "events[2]@41 -  None gone"
        ]
    );
}

#[test]
fn a_value_sent_in_by_hand_tells_what_came_of_it() {
    let mut test = drive(sums());
    let mut fine = test.emit(4_u64);
    let mut bad = test.emit(13_u64);
    let mut late = test.emit(5_u64);
    assert_eq!(fine.outcome(), Some(Ok(())));
    assert_eq!(fine.outcome(), Some(Ok(())), "asked again");
    assert_eq!(
        bad.outcome(),
        Some(Err(EmitError::Failed("`doubled`: thirteen".to_owned())))
    );
    assert_eq!((late.outcome(), test.queued()), (None, 1));
    test.end();
    drop(test);
    assert_eq!(late.outcome(), Some(Err(EmitError::Stopped)));
}

#[test]
fn a_handle_pauses_and_sees_what_it_would() {
    let pipeline = sums();
    let handle = pipeline.handle();
    let mut test = drive(pipeline);
    handle.pause();
    test.records("amounts", ["1", "2"]);
    assert_eq!((test.queued(), test.healed("amounts", 0)), (2, None));
    handle.resume();
    test.settle();
    assert_eq!((test.queued(), test.healed("amounts", 0)), (0, Some(2)));
    test.heal();
    let state = handle.state();
    assert_eq!((state.finished, state.commits), (2, 1));
    assert_eq!(state.partitions[0].committed, Some(2));
}
