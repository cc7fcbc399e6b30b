//! Calls that are made again: after what time, for which errors, what passes meanwhile, and what becomes of the last.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use waterhealer::prelude::*;
use waterhealer::testing::{Incoming, drive};
use waterhealer::{BoxError, terminal};

use super::{AnyError, Store};

const SECOND: Duration = Duration::from_secs(1);

/// Fails the first calls for a number, as often as its hundreds say; 13 is never mended.
#[derive(Debug, Default)]
pub(super) struct Moody(Mutex<HashMap<u64, u64>>);

impl Moody {
    fn ask(&self, number: u64) -> Result<u64, BoxError> {
        let mut asked = self.0.lock().unwrap();
        let times = asked.entry(number).or_insert(0);
        *times += 1;
        match number {
            13 => Err(terminal("it is 13").into()),
            _ if *times <= number / 100 => Err("busy".into()),
            _ => Ok(number),
        }
    }

    fn times(&self, number: u64) -> u64 {
        self.0.lock().unwrap().get(&number).copied().unwrap_or(0)
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Busy,
    Forbidden,
}

impl Refusal {
    fn is_busy(&self) -> bool {
        *self == Refusal::Busy
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Refusal {}

/// A number that cannot be cloned.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Single(u64);

#[pipeline(group = "attempts")]
mod tried_again {
    use super::*;

    #[source(topic = "numbers")]
    fn number(record: &Record<'_>) -> Result<u64, AnyError> {
        Ok(record.text()?.parse()?)
    }

    #[map(from = number, retry(max = 2, backoff = "1s..10s"), on_error = skip)]
    fn ask(number: u64, moody: &Moody) -> Result<Single, BoxError> {
        moody.ask(number).map(Single)
    }

    #[sink(from = ask, retry(max = 1, backoff = "1s..1s", on = Refusal::is_busy))]
    fn keep(number: &Single, kept: &Store<u64>, refused: &Store<u64>) -> Result<(), Refusal> {
        if number.0 == 7 && !refused.all().contains(&7) {
            refused.put(7);
            return Err(Refusal::Busy);
        }
        if number.0 == 8 {
            refused.put(8);
            return Err(Refusal::Forbidden);
        }
        kept.put(number.0);
        Ok(())
    }
}

fn attempts() -> waterhealer::Pipeline<tried_again::__waterhealer::Graph> {
    tried_again::pipeline(tried_again::Resources {
        moody: Moody::default(),
        kept: Store::new(),
        refused: Store::new(),
    })
}

#[test]
fn a_record_that_is_tried_again_holds_back_its_own_partition() {
    let mut test = drive(attempts());
    test.records("numbers", ["200", "1"]);
    test.record("numbers", 1, 0, "2");
    assert_eq!(test.resources().kept.all(), [2], "1 is behind 200");
    test.advance(SECOND);
    assert_eq!(test.resources().moody.times(200), 2);
    test.advance(SECOND);
    assert_eq!(test.resources().moody.times(200), 2, "now it rests for two");
    assert_eq!(test.healed("numbers", 0), Some(0));
    assert_eq!(test.healed("numbers", 1), Some(1));
    test.advance(SECOND);
    assert_eq!(test.resources().kept.all(), [2, 200, 1]);
    assert_eq!(test.healed("numbers", 0), Some(2));
    assert!(test.failures().is_empty());
}

#[test]
fn after_the_last_attempt_the_policy_decides() {
    let mut test = drive(attempts());
    test.records("numbers", ["300", "1"]);
    test.advance(10 * SECOND);
    assert_eq!(test.resources().moody.times(300), 3);
    assert_eq!(test.failures()[0].error, "busy (after 3 attempts)");
    assert_eq!(test.healed("numbers", 0), Some(2));
    assert_eq!(test.resources().kept.all(), [1]);
}

#[test]
fn an_error_that_says_so_is_not_tried_again() {
    let mut test = drive(attempts());
    test.records("numbers", ["13"]);
    assert_eq!(test.resources().moody.times(13), 1);
    assert_eq!(test.failures()[0].error, "it is 13");
    assert_eq!(test.healed("numbers", 0), Some(1));
}

#[test]
fn a_function_judges_errors_and_a_value_that_is_looked_at_needs_no_clone() {
    let mut test = drive(attempts());
    test.records("numbers", ["7"]);
    assert!(test.resources().kept.all().is_empty());
    test.advance(SECOND);
    assert_eq!(test.resources().kept.all(), [7]);
    test.records("numbers", ["8"]);
    let halted = test.halted().expect("it is forbidden");
    assert_eq!((halted.stage, &*halted.error), ("keep", "Forbidden"));
    assert_eq!(test.resources().refused.all(), [7, 8]);
}

#[test]
fn what_waits_for_its_next_attempt_at_the_end_stays_unfinished() {
    let mut test = drive(attempts());
    test.records("numbers", ["200", "1"]);
    let end = test.end();
    assert_eq!(end.unfinished.len(), 2);
    assert_eq!((end.finished, end.skipped), (0, 0));
}

#[test]
fn what_waits_for_its_next_attempt_is_let_go_when_its_partition_is_revoked() {
    let mut test = drive(attempts());
    test.records("numbers", ["200", "1"]);
    test.revoke("numbers", 0);
    test.advance(10 * SECOND);
    assert_eq!(test.resources().moody.times(200), 1);
    test.assign("numbers", 0);
    test.record("numbers", 0, 0, "5");
    assert_eq!(test.resources().kept.all(), [5]);
    assert_eq!(test.healed("numbers", 0), Some(1));
}

#[pipeline(group = "waiting")]
mod waiting {
    use super::*;

    #[source(topic = "numbers")]
    fn number(record: &Record<'_>) -> Result<u64, AnyError> {
        Ok(record.text()?.parse()?)
    }

    #[filter(from = number, concurrency = 4, retry(max = 2, backoff = "1s..10s"))]
    async fn some(number: &u64, moody: &Moody) -> Result<bool, BoxError> {
        Ok(moody.ask(*number)? != 1)
    }

    #[map(from = some, concurrency = 4, retry(max = 1, backoff = "1s..1s"), timeout = "30s", on_error = skip)]
    async fn answer(number: Tracked<u64>) -> Tracked<Single> {
        if *number.value() == 4 {
            std::future::pending::<()>().await;
        }
        number.map(Single)
    }

    #[map(from = answer, concurrency = 4, retry(max = 1, backoff = "1s..1s"))]
    async fn look(number: &Single, refused: &Store<u64>) -> Result<u64, BoxError> {
        if number.0 == 7 && !refused.all().contains(&7) {
            refused.put(7);
            return Err("busy".into());
        }
        Ok(number.0)
    }

    #[sink(from = look.partition(2, within = "100s"), retry(max = 1, backoff = "1s..1s"))]
    async fn keep(numbers: Batch<u64>, kept: &Store<u64>, moody: &Moody) -> Result<Done, BoxError> {
        moody.ask(100)?;
        for number in numbers.as_slice() {
            kept.put(*number);
        }
        Ok(numbers.done())
    }
}

fn waiting() -> waterhealer::Pipeline<waiting::__waterhealer::Graph> {
    waiting::pipeline(waiting::Resources {
        moody: Moody::default(),
        refused: Store::new(),
        kept: Store::new(),
    })
}

#[test]
fn asynchronous_calls_are_made_again_and_others_pass() {
    let mut test = drive(waiting());
    test.push(Incoming::new("numbers", "201"));
    test.records("numbers", ["2", "7", "1"]);
    assert_eq!(test.healed("numbers", 0), Some(0));
    assert!(
        test.resources().kept.all().is_empty(),
        "7 rests, 2 waits for another"
    );
    test.advance(SECOND);
    assert!(
        test.resources().kept.all().is_empty(),
        "the batch is refused once"
    );
    test.advance(SECOND);
    assert_eq!(test.resources().kept.all(), [2, 7]);
    assert_eq!(test.healed("numbers", 0), Some(0), "201 rests");
    test.advance(SECOND);
    test.advance(100 * SECOND);
    assert_eq!(test.resources().kept.all(), [2, 7, 201]);
    assert_eq!(test.healed("numbers", 0), Some(4));
}

#[test]
fn a_call_that_hangs_is_given_up_and_made_again() {
    let mut test = drive(waiting());
    test.hold_answers();
    test.records("numbers", ["4"]);
    test.answer(0);
    assert_eq!(test.calls()[0].stage, "answer");
    test.advance(29 * SECOND);
    assert_eq!(test.calls().len(), 1);
    test.advance(SECOND);
    assert!(test.calls().is_empty(), "it rests");
    test.advance(SECOND);
    assert_eq!(test.calls().len(), 1, "the second call");
    test.advance(30 * SECOND);
    assert!(test.calls().is_empty());
    assert_eq!(
        test.failures()[0].error,
        "no answer within 30s (after 2 attempts)"
    );
    assert_eq!(test.healed("numbers", 0), Some(1));
}
