//! Sources that fail for a while: a record is lent to its function again, whole, though the client's memory is gone.

use std::collections::HashSet;
use std::sync::Mutex;
use std::time::Duration;

use waterhealer::prelude::*;
use waterhealer::testing::{Drive, Incoming, drive};
use waterhealer::{BoxError, terminal};

use super::Store;

const SECOND: Duration = Duration::from_secs(1);

/// Everything that a source can see of a record, as text.
fn seen(record: &Record<'_>) -> String {
    let headers = record.headers().map(|(name, value)| match value {
        Some(value) => format!("{name}={}", String::from_utf8_lossy(value)),
        None => name.to_owned(),
    });
    let headers = headers.collect::<Vec<_>>().join(",");
    let text =
        |bytes: Option<&[u8]>| bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let (key, value) = (text(record.key()), text(record.value()));
    let at = record.position();
    format!("{at} {key:?} {value:?} {headers} {:?}", record.timestamp())
}

/// A schema registry that is away until it is asked often enough.
#[derive(Debug, Default)]
pub(super) struct Registry {
    asked: Store<String>,
}

impl Registry {
    /// Fails as often for a record as the number in it says; `x` is never mended.
    fn decode(&self, record: &Record<'_>) -> Result<String, BoxError> {
        let seen = seen(record);
        let before = self.asked.all().iter().filter(|one| **one == seen).count();
        self.asked.put(seen);
        match record.text()? {
            "x" => Err(terminal("no schema").into()),
            text if before < text.parse()? => Err("away".into()),
            text => Ok(text.to_owned()),
        }
    }
}

#[pipeline(group = "lent")]
mod again {
    use super::*;

    #[source(topic = "orders", retry(max = 2, backoff = "1s..10s"), on_error = skip)]
    fn order(record: &Record<'_>, registry: &Registry) -> Result<String, BoxError> {
        registry.decode(record)
    }

    #[source(topic = "returns", retry(max = 1, backoff = "1s..1s", on = is_away), on_error = dead_letter("failed"))]
    fn returned(record: &Record<'_>, registry: &Registry) -> Result<String, BoxError> {
        registry.decode(record)
    }

    #[source(emit, retry(max = 1, backoff = "1s..1s"))]
    fn by_hand(number: u64, given: &Mutex<HashSet<u64>>) -> Result<String, BoxError> {
        match given.lock().unwrap().insert(number) {
            true => Err("busy".into()),
            false => Ok(number.to_string()),
        }
    }

    #[sink(from = order.union(returned, by_hand))]
    fn keep(order: String, kept: &Store<String>) {
        kept.put(order);
    }

    fn is_away(error: &BoxError) -> bool {
        error.to_string() == "away"
    }
}

fn driven() -> Drive<again::__waterhealer::Graph> {
    drive(again::pipeline(again::Resources {
        registry: Registry::default(),
        given: Mutex::default(),
        kept: Store::new(),
    }))
}

#[test]
fn a_record_whose_source_fails_is_lent_again_whole() {
    let mut test = driven();
    let record = Incoming::new("orders", "1").partition(3).offset(7);
    test.push(
        record
            .key("ada")
            .header("trace", "a")
            .header("trace", "b")
            .timestamp(12),
    );
    assert_eq!(test.healed("orders", 3), Some(7));
    test.advance(SECOND);
    let whole = "orders[3]@7 Some(\"ada\") Some(\"1\") trace=a,trace=b Some(12)";
    assert_eq!(test.resources().registry.asked.all(), [whole; 2]);
    assert_eq!(test.resources().kept.all(), ["1"]);
    assert_eq!(test.healed("orders", 3), Some(8));
    assert!(test.failures().is_empty());
}

#[test]
fn a_record_that_its_source_is_lent_again_holds_back_its_own_partition() {
    let mut test = driven();
    test.records("orders", ["2", "0", "1"]);
    test.record("orders", 1, 0, "0");
    assert_eq!(test.resources().kept.all(), ["0"], "of partition 1");
    assert_eq!(test.resources().registry.asked.all().len(), 2);
    test.advance(SECOND);
    assert_eq!(test.resources().kept.all(), ["0"], "now it rests for two");
    test.advance(2 * SECOND);
    assert_eq!(
        test.resources().kept.all(),
        ["0", "2", "0"],
        "1 has failed once"
    );
    assert_eq!(test.healed("orders", 0), Some(2));
    test.records("orders", ["0"]);
    assert_eq!(test.resources().kept.all().len(), 3, "it is behind 1");
    test.advance(SECOND);
    assert_eq!(test.resources().kept.all(), ["0", "2", "0", "1", "0"]);
    assert_eq!(test.healed("orders", 0), Some(4));
}

#[test]
fn after_the_last_attempt_of_a_source_the_policy_decides() {
    let mut test = driven();
    test.records("orders", ["9", "0", "x"]);
    test.advance(10 * SECOND);
    let errors: Vec<_> = test.failures().iter().map(|one| &*one.error).collect();
    assert_eq!(errors, ["away (after 3 attempts)", "no schema"]);
    assert_eq!(test.resources().kept.all(), ["0"]);
    assert_eq!(test.healed("orders", 0), Some(3));
}

#[test]
fn a_source_judges_its_errors_and_its_dead_letters_are_whole() {
    let mut test = driven();
    test.push(
        Incoming::new("returns", "9")
            .key("ada")
            .header("trace", "a"),
    );
    test.records("returns", ["none", "1"]);
    test.advance(10 * SECOND);
    let letters = test.dead_letters("failed");
    let values: Vec<_> = letters
        .iter()
        .map(|letter| letter.text().unwrap())
        .collect();
    assert_eq!(values, ["9", "none"], "in order, and none is tried once");
    assert_eq!(letters[0].key(), Some(&b"ada"[..]));
    assert_eq!(letters[0].header("trace"), Some(&b"a"[..]));
    assert_eq!(letters[0].header("waterhealer.attempts"), Some(&b"2"[..]));
    assert_eq!(letters[1].header("waterhealer.attempts"), Some(&b"1"[..]));
    assert_eq!(test.resources().kept.all(), ["1"]);
    assert_eq!(test.healed("returns", 0), Some(3));
}

#[test]
fn a_record_that_waits_to_be_lent_again_goes_with_its_partition() {
    let mut test = driven();
    test.records("orders", ["1", "0"]);
    test.record("orders", 1, 0, "1");
    test.revoke("orders", 0);
    test.advance(10 * SECOND);
    assert_eq!(test.resources().registry.asked.all().len(), 3);
    assert_eq!(test.resources().kept.all(), ["1"], "of partition 1");
    test.assign("orders", 0);
    test.record("orders", 0, 0, "1");
    assert_eq!(
        test.resources().kept.all(),
        ["1", "1"],
        "nothing is in its way"
    );
    test.record("orders", 0, 1, "2");
    let end = test.end();
    assert_eq!((end.finished, end.unfinished.len()), (2, 1));
}

#[test]
fn a_value_sent_in_by_hand_is_given_to_its_source_again() {
    let mut test = driven();
    let mut sent = test.emit(7_u64);
    assert_eq!(sent.outcome(), None);
    test.advance(SECOND);
    assert_eq!(sent.outcome(), Some(Ok(())));
    assert_eq!(test.resources().kept.all(), ["7"]);
}

#[test]
fn values_sent_in_by_hand_wait_outside_once_very_many_wait_for_their_turn() {
    let mut test = driven();
    let sent: Vec<_> = (0..10_500_u64).map(|number| test.emit(number)).collect();
    assert_eq!(test.queued(), sent.len() - 10_000);
    test.record("orders", 0, 0, "0");
    assert_eq!(
        test.resources().kept.all(),
        ["0"],
        "records come in as before"
    );
    for _ in 0..sent.len() {
        test.advance(SECOND);
    }
    assert_eq!(test.queued(), 0);
    assert_eq!(test.resources().kept.all().len(), sent.len() + 1);
}
