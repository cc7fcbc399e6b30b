//! Asynchronous stages and messages to Kafka: answers in any order, full stages, hung ones, acknowledgements.

use std::time::Duration;

use waterhealer::prelude::*;
use waterhealer::testing::drive;

use super::{AnyError, Store};

#[pipeline(group = "prices")]
mod prices {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> Result<u64, AnyError> {
        Ok(record.text()?.parse()?)
    }

    #[map(from = order, concurrency = 2)]
    async fn price(order: u64) -> Result<u64, String> {
        match order {
            0 => return Err("nothing".to_owned()),
            1 => tokio::time::sleep(Duration::from_millis(20)).await,
            404 => std::future::pending().await,
            _ => {}
        }
        Ok(order * 100)
    }

    #[sink(from = price)]
    fn keep(price: u64, kept: &Store<u64>) {
        kept.put(price);
    }

    #[sink(from = price, topic = "priced")]
    fn publish(price: u64) -> KafkaMessage {
        KafkaMessage::json(&price).key(price).header("unit", "cent")
    }
}

fn prices() -> waterhealer::Pipeline<prices::__waterhealer::Graph> {
    prices::pipeline(prices::Resources { kept: Store::new() })
}

#[test]
fn each_step_waits_for_its_answers() {
    let mut test = drive(prices());
    test.records("orders", ["1", "2"]);
    assert_eq!(test.resources().kept.all(), [100, 200]);
    assert_eq!(test.healed("orders", 0), Some(2));
    assert!(test.calls().is_empty());
}

#[test]
fn held_answers_come_in_any_order_and_a_full_stage_holds_records_back() {
    let mut test = drive(prices());
    test.hold_answers();
    test.records("orders", ["1", "2", "3", "4"]);
    let calls = test.calls();
    let calls: Vec<_> = calls
        .iter()
        .map(|call| (call.stage, call.position.offset))
        .collect();
    assert_eq!(calls, [("price", 0), ("price", 1)]);
    assert_eq!(test.unfinished().len(), 3, "one waits inside the graph");
    assert_eq!(test.queued(), 1);

    test.answer(1);
    assert_eq!(test.resources().kept.all(), [200]);
    assert_eq!(test.healed("orders", 0), Some(0), "0 is still under way");
    assert_eq!(test.calls().len(), 2, "2 has taken the place");
    test.answer(0);
    assert_eq!(test.healed("orders", 0), Some(2));
    test.settle();
    assert_eq!(test.resources().kept.all(), [200, 100, 300, 400]);
    assert_eq!(test.healed("orders", 0), Some(4));

    test.release_answers();
    test.record("orders", 0, 9, "5");
    assert_eq!(test.healed("orders", 0), Some(10));
}

#[test]
fn an_asynchronous_failure_halts_with_what_is_behind_it_unfinished() {
    let mut test = drive(prices());
    test.hold_answers();
    test.records("orders", ["0", "2"]);
    test.answer(1);
    test.answer(0);
    assert_eq!(test.halted().map(|halted| &*halted.error), Some("nothing"));
    assert_eq!(test.healed("orders", 0), Some(0));
    assert_eq!(test.end().unfinished.len(), 1);
}

#[test]
#[should_panic(
    expected = "no call has answered for 50ms: `price` on orders[0]@7. If a stage waits for something that this test gives \
                later, ask for `hold_answers` before"
)]
fn a_stage_that_hangs_fails_the_test_by_name() {
    let mut test = drive(prices()).patience(Duration::from_millis(50));
    test.record("orders", 0, 7, "404");
}

#[test]
fn messages_are_captured_and_acknowledged_at_once() {
    let mut test = drive(prices());
    test.records("orders", ["2", "3"]);
    let produced = test.produced("priced");
    assert_eq!(produced.len(), 2);
    assert_eq!(produced[1].json::<u64>().unwrap(), 300);
    assert_eq!(produced[1].key(), Some(&b"300"[..]));
    let headers: Vec<_> = produced[1].headers().collect();
    assert_eq!(headers, [("unit", &b"cent"[..])]);
    assert_eq!(test.healed("orders", 0), Some(2));
}

#[test]
fn a_message_that_is_not_acknowledged_holds_its_record() {
    let mut test = drive(prices());
    test.acknowledge_by_hand();
    test.records("orders", ["2", "3", "4"]);
    assert_eq!(test.healed("orders", 0), Some(0));
    test.acknowledge(1);
    assert_eq!(test.healed("orders", 0), Some(0));
    test.acknowledge(0);
    assert_eq!(test.healed("orders", 0), Some(2));
    assert_eq!(test.unacknowledged().len(), 1);
    test.refuse(0, "too large");
    let halted = test.halted().expect("a refused message halts");
    assert_eq!(halted.stage, "publish");
    assert!(halted.error.ends_with("too large"), "{}", halted.error);
    assert_eq!(test.healed("orders", 0), Some(2));
}
