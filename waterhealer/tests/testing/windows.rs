//! Operators on the test's clock: batches by number and by time, limits, joins, and what they hold.

use std::time::Duration;

use waterhealer::prelude::*;
use waterhealer::testing::drive;

use super::{AnyError, Store};

const SECOND: Duration = Duration::from_secs(1);

#[pipeline(group = "lines")]
mod lines {
    use super::*;

    #[source(topic = "amounts")]
    fn amount(record: &Record<'_>) -> Result<u64, AnyError> {
        Ok(record.text()?.parse()?)
    }

    #[sink(from = amount.partition(3, within = "1s"))]
    fn sum(amounts: Vec<u64>, sums: &Store<Vec<u64>>) {
        sums.put(amounts);
    }

    #[sink(from = amount.delay("400ms"))]
    fn later(amount: u64, seen: &Store<u64>) {
        seen.put(amount);
    }
}

#[pipeline(group = "slow")]
mod slow {
    use super::*;

    #[source(topic = "amounts")]
    fn amount(record: &Record<'_>) -> Result<u64, AnyError> {
        Ok(record.text()?.parse()?)
    }

    #[map(from = amount.rate_limit("1s"))]
    async fn one(amount: u64) -> u64 {
        tokio::task::yield_now().await;
        amount
    }

    #[sink(from = one)]
    fn keep(amount: u64, seen: &Store<u64>) {
        seen.put(amount);
    }
}

fn lines() -> waterhealer::Pipeline<lines::__waterhealer::Graph> {
    lines::pipeline(lines::Resources {
        sums: Store::new(),
        seen: Store::new(),
    })
}

#[test]
fn a_batch_goes_on_when_it_is_full_or_its_time_is_over() {
    let mut test = drive(lines());
    test.records("amounts", ["1", "2", "3", "4"]);
    assert_eq!(test.resources().sums.all(), [vec![1, 2, 3]]);
    test.advance(SECOND / 2);
    assert_eq!(test.healed("amounts", 0), Some(3), "3 is held");
    let [held] = test.held()[..] else {
        panic!("{:?}", test.held());
    };
    assert_eq!((held.values, held.since), (1, SECOND / 2));
    assert!(held.operator.contains("partition"), "{}", held.operator);
    test.advance(SECOND / 2);
    assert_eq!(test.resources().sums.all(), [vec![1, 2, 3], vec![4]]);
    assert_eq!((test.healed("amounts", 0), test.now()), (Some(4), SECOND));
    assert!(test.held().is_empty());
}

#[test]
fn one_long_step_of_the_clock_is_many_short_ones() {
    let steps = |step: Duration| {
        let mut test = drive(slow::pipeline(slow::Resources { seen: Store::new() }));
        test.records("amounts", ["1", "2", "3", "4", "5"]);
        assert_eq!(test.resources().seen.all(), [1]);
        assert!(test.queued() > 0, "the limit holds the intake");
        while test.now() < 3 * SECOND {
            test.advance(step);
        }
        let seen = test.resources().seen.all();
        (seen, test.healed("amounts", 0))
    };
    let expected = (vec![1, 2, 3, 4], Some(4));
    assert_eq!(steps(3 * SECOND), expected);
    assert_eq!(steps(SECOND / 4), expected);
}

#[test]
fn the_end_lets_go_on_what_may_and_says_what_is_read_again() {
    let mut test = drive(lines());
    test.records("amounts", ["1"]);
    test.advance(SECOND / 2);
    test.records("amounts", ["2"]);
    let end = test.end();
    assert_eq!(test.resources().sums.all(), [vec![1, 2]], "the batch");
    assert_eq!(end.finished, 1, "the delay of the other is not over");
    assert_eq!(end.unfinished.len(), 1);
    assert!(test.held().is_empty() && test.calls().is_empty());
    assert_eq!(end.committed[0].offset, test.healed("amounts", 0).unwrap());

    let mut test = drive(slow::pipeline(slow::Resources { seen: Store::new() }));
    test.records("amounts", ["1", "2", "3"]);
    let end = test.end();
    assert_eq!(end.finished, 1);
    assert_eq!(end.committed[0].offset, 1);
    assert_eq!(end.unfinished[0].to_string(), "amounts[0]@1");
    assert_eq!(end.unfinished.len(), 1, "the third was never taken in");
}
