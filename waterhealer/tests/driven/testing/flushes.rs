//! Sinks that buffer: what they have answered for is held until a flush that began afterwards has succeeded.

use std::time::Duration;

use waterhealer::BoxError;
use waterhealer::prelude::*;
use waterhealer::testing::drive;

use super::{AnyError, Store};

const SECOND: Duration = Duration::from_secs(1);

#[pipeline(group = "flushes")]
mod buffered {
    use super::*;

    #[source(topic = "numbers")]
    fn number(record: &Record<'_>) -> Result<u64, AnyError> {
        Ok(record.text()?.parse()?)
    }

    #[sink(from = number, flush = write_out, retry(max = 1, backoff = "1s..1s"))]
    fn buffer(number: u64, buffered: &Store<u64>) -> Result<(), BoxError> {
        buffered.put(number);
        Ok(())
    }

    /// Writes all that is buffered; the first time that there are three it fails, and with a 13 always.
    fn write_out(
        buffered: &Store<u64>,
        written: &Store<u64>,
        flushed: &Store<usize>,
    ) -> Result<(), BoxError> {
        let all = buffered.all();
        flushed.put(all.len());
        if all.len() == 3 && flushed.all().iter().filter(|len| **len == 3).count() == 1 {
            return Err("the disk is busy".into());
        }
        if all.contains(&13) {
            return Err("the disk is full".into());
        }
        for number in all.into_iter().skip(written.all().len()) {
            written.put(number);
        }
        Ok(())
    }
}

fn flushes() -> waterhealer::Pipeline<buffered::__waterhealer::Graph> {
    buffered::pipeline(buffered::Resources {
        buffered: Store::new(),
        written: Store::new(),
        flushed: Store::new(),
    })
}

#[test]
fn nothing_is_committed_before_it_is_flushed_and_nothing_is_flushed_for_nothing() {
    let mut test = drive(flushes());
    assert!(test.heal().is_empty());
    test.records("numbers", ["1", "2"]);
    assert_eq!(test.healed("numbers", 0), Some(0));
    assert_eq!(test.heal().len(), 1);
    assert_eq!(test.healed("numbers", 0), Some(2));
    assert_eq!(test.resources().written.all(), [1, 2]);
    assert!(test.heal().is_empty());
    assert_eq!(test.resources().flushed.all(), [2], "there was nothing new");
}

#[test]
fn a_flush_that_fails_is_made_again_and_then_halts_as_its_sink_does() {
    let mut test = drive(flushes());
    test.records("numbers", ["1", "2", "3"]);
    test.heal();
    assert_eq!(test.healed("numbers", 0), Some(0));
    test.records("numbers", ["4"]);
    test.advance(SECOND);
    assert_eq!(test.resources().flushed.all(), [3, 4]);
    assert_eq!(
        test.healed("numbers", 0),
        Some(3),
        "4 came after it had begun"
    );
    test.heal();
    assert_eq!(test.healed("numbers", 0), Some(4));
    test.records("numbers", ["13"]);
    test.heal();
    test.advance(SECOND);
    let halted = test.halted().expect("the disk is full");
    assert_eq!(halted.stage, "buffer");
    assert_eq!(halted.error, "the disk is full (after 2 attempts)");
    assert_eq!(test.healed("numbers", 0), Some(4));
}

#[test]
fn a_revoke_and_the_end_flush_first() {
    let mut test = drive(flushes());
    test.records("numbers", ["1", "2"]);
    test.revoke("numbers", 0);
    assert_eq!(test.healed("numbers", 0), Some(2));
    test.record("numbers", 1, 0, "5");
    test.record("numbers", 1, 1, "6");
    let end = test.end();
    assert!(end.unfinished.is_empty());
    assert_eq!(test.resources().written.all(), [1, 2, 5, 6]);
    assert_eq!(test.healed("numbers", 1), Some(2));
}

#[pipeline(group = "batches")]
mod batches {
    use super::*;

    #[source(topic = "numbers")]
    fn number(record: &Record<'_>) -> Result<u64, AnyError> {
        Ok(record.text()?.parse()?)
    }

    #[sink(from = number.partition(2, within = "1s"), flush = write_out)]
    async fn buffer(numbers: Batch<u64>, buffered: &Store<u64>) -> Done {
        for number in numbers.as_slice() {
            buffered.put(*number);
        }
        numbers.done()
    }

    #[sink(from = number, flush = note)]
    fn count(_number: &u64) {}

    async fn write_out(buffered: &Store<u64>) {
        tokio::task::yield_now().await;
        buffered.put(0);
    }

    fn note() {}
}

#[test]
fn an_async_flush_answers_for_what_was_there_when_it_began() {
    let resources = batches::Resources {
        buffered: Store::new(),
    };
    let mut test = drive(batches::pipeline(resources));
    test.records("numbers", ["1", "2"]);
    test.hold_answers();
    test.heal();
    test.release_answers();
    test.hold_answers();
    assert_eq!(test.healed("numbers", 0), Some(2));
    test.records("numbers", ["3", "4"]);
    test.settle();
    assert_eq!(test.healed("numbers", 0), Some(2));
    test.heal();
    test.settle();
    assert_eq!(test.healed("numbers", 0), Some(4));
    assert_eq!(test.resources().buffered.all(), [1, 2, 0, 3, 4, 0]);
    assert!(test.end().unfinished.is_empty());
}
