//! Calls that wait for one another by key or partition, and functions that block.

use std::time::Duration;

use waterhealer::prelude::*;
use waterhealer::testing::{Incoming, drive};

use super::{AnyError, Store};

#[pipeline(group = "keys")]
mod keys {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> Result<String, AnyError> {
        Ok(record.text()?.to_owned())
    }

    #[map(from = order, concurrency = 8, order_by = key)]
    async fn price(order: String) -> String {
        order
    }

    #[sink(from = price)]
    fn keep(order: String, kept: &Store<String>) {
        kept.put(order);
    }
}

#[test]
fn one_slow_key_does_not_stop_the_others() {
    let resources = keys::Resources { kept: Store::new() };
    let mut test = drive(keys::pipeline(resources));
    test.hold_answers();
    for (key, value) in [
        ("ada", "a1"),
        ("ada", "a2"),
        ("bob", "b1"),
        ("ada", "a3"),
        ("bob", "b2"),
    ] {
        test.push(Incoming::new("orders", value).key(key));
    }
    assert_eq!(test.queued(), 0, "what waits for its turn holds nobody up");
    assert_eq!(test.calls().len(), 2);
    test.answer(1);
    test.answer(1);
    assert_eq!(test.resources().kept.all(), ["b1", "b2"]);
    assert_eq!(test.calls().len(), 1, "a1 still hangs");
    test.settle();
    assert_eq!(test.resources().kept.all(), ["b1", "b2", "a1", "a2", "a3"]);
    assert_eq!(test.healed("orders", 0), Some(5));
}

#[pipeline(group = "blocking")]
mod blocking {
    use super::*;

    #[source(topic = "numbers")]
    fn number(record: &Record<'_>) -> Result<u64, AnyError> {
        Ok(record.text()?.parse()?)
    }

    #[map(from = number, blocking, concurrency = 4, order_by = partition, timeout = "10s", on_error = skip)]
    fn slow(number: u64) -> Result<u64, String> {
        std::thread::sleep(Duration::from_millis(5 * number));
        match number {
            7 => Err("seven".to_owned()),
            number => Ok(number),
        }
    }

    #[map(from = slow, blocking, on_panic = skip)]
    fn seen(number: Tracked<u64>) -> Tracked<(u64, i64)> {
        assert_ne!(*number.value(), 9);
        let offset = number.position().offset;
        number.map(|number| (number, offset))
    }

    #[sink(from = seen.partition(2, within = "1s"), blocking)]
    fn keep(numbers: Batch<(u64, i64)>, kept: &Store<(u64, i64)>) -> Done {
        for number in numbers.as_slice() {
            kept.put(*number);
        }
        numbers.done()
    }
}

#[test]
fn blocking_functions_run_beside_the_lane_in_the_order_that_is_asked_for() {
    let resources = blocking::Resources { kept: Store::new() };
    let mut test = drive(blocking::pipeline(resources));
    test.hold_answers();
    test.records("numbers", ["3", "1", "7", "9", "2"]);
    assert_eq!(test.calls().len(), 1, "one at a time of the partition");
    test.settle();
    test.advance(Duration::from_secs(1));
    test.settle();
    let mut kept = test.resources().kept.all();
    kept.sort();
    assert_eq!(kept, [(1, 1), (2, 4), (3, 0)]);
    let mut failed: Vec<_> = test.failures().iter().map(|failed| failed.stage).collect();
    failed.sort();
    assert_eq!(failed, ["seen", "slow"]);
    assert_eq!(test.healed("numbers", 0), Some(5));
}

#[test]
fn a_late_answer_of_a_blocking_call_is_passed_over() {
    let resources = blocking::Resources { kept: Store::new() };
    let mut test = drive(blocking::pipeline(resources));
    test.hold_answers();
    test.records("numbers", ["20"]);
    test.advance(Duration::from_secs(10));
    assert!(test.calls().is_empty());
    assert_eq!(test.failures()[0].error, "no answer within 10s");
    assert_eq!(test.healed("numbers", 0), Some(1));
    test.records("numbers", ["40"]);
    test.settle();
    test.advance(Duration::from_secs(1));
    test.settle();
    assert_eq!(test.resources().kept.all(), [(40, 1)]);
}
