//! Dead letters and breakers: what goes where and as what, when it counts as finished, what happens when it is refused.

use waterhealer::prelude::*;
use waterhealer::testing::{Incoming, drive};

#[pipeline(group = "bills")]
mod shop {
    use super::*;

    #[source(topics = ["orders", "returns"], on_error = dead_letter)]
    fn order(record: &Record<'_>) -> Result<u64, Box<dyn std::error::Error + Send + Sync>> {
        Ok(record.text()?.parse()?)
    }

    #[source(emit)]
    fn by_hand(order: u64) -> u64 {
        order
    }

    #[map(from = order.union(by_hand), on_error = dead_letter("failed", style = spring))]
    async fn price(order: u64) -> Result<u64, String> {
        refuse(order, 2)
    }

    #[map(from = price.partition(3, within = "1h"), on_error = dead_letter("failed", style = streams))]
    fn rows(orders: Batch<u64>) -> Batch<u64> {
        orders.try_map(|order| refuse(order, 3))
    }

    #[sink(from = rows, on_error = dead_letter("stored"))]
    fn store(orders: Batch<u64>) -> Result<Done, String> {
        if orders.as_slice().contains(&4) {
            return Err("no 4".to_owned());
        }
        Ok(orders.done())
    }
}

fn refuse(order: u64, what: u64) -> Result<u64, String> {
    match order == what {
        true => Err(format!("no {what}")),
        false => Ok(order),
    }
}

fn texts<'a>(
    letters: impl IntoIterator<Item = &'a waterhealer::testing::Produced>,
) -> Vec<&'a str> {
    let letters = letters.into_iter();
    letters
        .map(|letter| letter.text().expect("it is text"))
        .collect()
}

#[test]
fn each_record_goes_where_its_stage_says_and_is_finished_there() {
    let mut test = drive(shop::pipeline());
    for text in ["no number", "1", "2"] {
        let record = Incoming::new("orders", text).key("k").timestamp(7);
        test.push(record.header("h", "x"));
    }
    test.push(Incoming::new("returns", "none"));
    assert_eq!(texts(&test.dead_letters("orders.bills.dlq")), ["no number"]);
    assert_eq!(texts(&test.dead_letters("returns.bills.dlq")), ["none"]);
    let failed = test.dead_letters("failed");
    assert_eq!(texts(&failed), ["2"]);
    assert_eq!(
        (failed[0].key(), failed[0].timestamp()),
        (Some(&b"k"[..]), Some(7))
    );
    assert_eq!(failed[0].headers().next(), Some(("h", &b"x"[..])));
    let offset = failed[0].header("kafka_dlt-original-offset");
    assert_eq!(offset, Some(&2_i64.to_be_bytes()[..]));

    // A row of a batch goes alone; a batch that fails goes record by record.
    test.records("orders", ["3", "5"]);
    assert_eq!(texts(&test.dead_letters("failed")), ["2", "3"]);
    test.records("orders", ["4", "6", "7"]);
    assert_eq!(texts(&test.dead_letters("stored")), ["4", "6", "7"]);
    let skipped: Vec<_> = test
        .failures()
        .iter()
        .map(|failed| (failed.stage, failed.skipped))
        .collect();
    assert_eq!(skipped.len(), 5);
    assert!(test.halted().is_none());
    let end = test.end();
    assert_eq!((end.finished, end.dead_lettered, end.skipped), (9, 7, 0));
    assert_eq!(end.unfinished, []);
}

#[test]
fn a_value_given_by_hand_goes_with_what_is_known_of_it() {
    let mut test = drive(shop::pipeline());
    let mut sent = test.emit(2_u64);
    let failed = test.dead_letters("failed");
    assert_eq!((failed[0].key(), failed[0].value()), (None, None));
    assert_eq!(failed[0].header("waterhealer.stage"), Some(&b"price"[..]));
    assert!(
        matches!(sent.outcome(), Some(Ok(()))),
        "as one that is skipped"
    );
}

#[test]
fn its_offset_waits_for_the_broker_and_a_refusal_halts() {
    let mut test = drive(shop::pipeline());
    test.acknowledge_by_hand();
    test.records("orders", ["x", "y"]);
    assert_eq!(test.healed("orders", 0), Some(0));
    test.acknowledge(0);
    assert_eq!(test.healed("orders", 0), Some(1));
    test.refuse(0, "too large");
    let halted = test.halted().expect("it halts");
    assert_eq!((halted.stage, halted.position.offset), ("order", 1));
    for part in [
        "invalid digit",
        "`orders.bills.dlq` did not take",
        "too large",
        "not lost",
    ] {
        assert!(
            halted.error.contains(part),
            "no `{part}` in: {}",
            halted.error
        );
    }
    assert_eq!(test.healed("orders", 0), Some(1));
}

#[test]
fn a_letter_of_a_partition_that_was_given_up_is_its_next_owners() {
    let mut test = drive(shop::pipeline());
    test.acknowledge_by_hand();
    test.records("orders", ["x"]);
    test.lose("orders", 0);
    test.refuse(0, "too late");
    assert!(test.halted().is_none());
}

#[pipeline(group = "bills")]
mod broken {
    use super::*;

    #[source(topic = "orders", on_error = skip, breaker(consecutive = 3))]
    fn order(record: &Record<'_>) -> Result<u64, std::num::ParseIntError> {
        record.text().unwrap_or_default().parse()
    }

    #[sink(from = order.partition(4, within = "1h"), on_error = skip, breaker(share = "50% of 8"))]
    fn store(orders: Batch<u64>) -> Done {
        orders
            .try_for_each(|order| refuse(order % 2, 1).map(|_| ()))
            .done()
    }
}

#[test]
fn a_breaker_opens_after_so_many_in_a_row_and_no_sooner() {
    let mut test = drive(broken::pipeline());
    test.records("orders", ["x", "x", "8", "x", "x"]);
    assert!(test.halted().is_none());
    test.records("orders", ["x"]);
    let halted = test.halted().expect("three in a row");
    assert_eq!((halted.stage, halted.position.offset), ("order", 5));
    assert!(
        halted
            .error
            .contains("last 3 calls failed one right after another"),
        "{}",
        halted.error
    );
    assert!(
        halted.error.contains("the last: invalid digit"),
        "{}",
        halted.error
    );
    assert_eq!(
        test.unfinished().last().map(|at| at.offset),
        Some(5),
        "it is read again"
    );
}

#[test]
fn each_row_of_a_batch_is_one_of_the_calls() {
    let mut test = drive(broken::pipeline());
    // One of four, two of eight, and then four of the last eight.
    test.records("orders", ["1", "2", "4", "6", "2", "1", "4", "6"]);
    assert!(test.halted().is_none());
    test.records("orders", ["1", "3", "5", "2"]);
    let halted = test.halted().expect("half of the last eight");
    assert!(
        halted.error.contains("4 of its last 8 calls failed"),
        "{}",
        halted.error
    );
}
