//! Every kind of node that can fail sends its records to a dead-letter topic: named, by default, in each style, beside values
//! given by hand; and with a breaker.

use waterhealer::prelude::*;
use waterhealer::testing::{self, Incoming};

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topics = ["orders", "returns"], on_error = dead_letter, breaker(consecutive = 100))]
    fn order(record: &Record<'_>) -> Result<u64, Box<dyn std::error::Error + Send + Sync>> {
        Ok(record.text()?.parse()?)
    }

    #[source(emit)]
    fn by_hand(order: u64) -> u64 {
        order
    }

    #[filter(from = order, on_error = dead_letter(style = connect))]
    fn known(order: &u64) -> Result<bool, String> {
        refuse(*order, 1).map(|_| true)
    }

    #[map(from = known.union(by_hand), on_error = dead_letter("failed", style = spring), breaker(share = "20% of 1_000"))]
    async fn price(order: u64) -> Result<u64, String> {
        refuse(order, 2)
    }

    #[flat_map(from = price, on_error = dead_letter("failed"))]
    fn parts(order: u64) -> Result<[u64; 2], String> {
        Ok([refuse(order, 3)?, 100])
    }

    #[accumulate(from = parts, start = 0, volatile, on_error = dead_letter("failed"))]
    fn sum(sum: u64, order: u64) -> Result<u64, String> {
        Ok(sum + refuse(order, 4)?)
    }

    #[map(from = parts.partition(2, within = "1s"), on_error = dead_letter("failed"), breaker(consecutive = 3, share = "50% of 10"))]
    fn rows(orders: Batch<u64>) -> Batch<u64> {
        orders.try_map(|order| refuse(order, 5))
    }

    #[sink(from = rows, on_error = dead_letter("failed", style = streams))]
    fn store(orders: Batch<u64>) -> Result<Done, String> {
        if orders.as_slice().contains(&6) {
            return Err("no six".to_owned());
        }
        Ok(orders.done())
    }

    #[sink(from = sum, topic = "sums", on_error = dead_letter("failed"))]
    fn publish(sum: u64) -> Result<KafkaMessage, String> {
        Ok(KafkaMessage::json(&refuse(sum, 8)?))
    }
}

fn refuse(order: u64, what: u64) -> Result<u64, String> {
    match order == what {
        true => Err(format!("no {what}")),
        false => Ok(order),
    }
}

fn main() {
    let mut test = testing::drive(shop::pipeline());
    for text in ["no number", "1", "2", "3"] {
        test.push(Incoming::new("orders", text).key("k").header("h", "x").timestamp(7));
    }
    test.push(Incoming::new("returns", "1"));

    let orders = test.dead_letters("orders.shop.dlq");
    let failed = test.dead_letters("failed");
    assert_eq!(test.dead_letters("returns.shop.dlq").len(), 1);
    let values: Vec<_> = orders.iter().chain(&failed).map(|letter| letter.text().unwrap()).collect();
    assert_eq!(values, ["no number", "1", "2", "3"]);
    for letter in orders.iter().chain(&failed) {
        assert_eq!((letter.key(), letter.timestamp()), (Some(&b"k"[..]), Some(7)));
        assert_eq!(letter.headers().next(), Some(("h", &b"x"[..])));
    }
    assert_eq!(orders[0].header("__connect.errors.stage"), Some(&b"order"[..]));
    assert_eq!(failed[0].header("kafka_dlt-original-partition"), Some(&[0, 0, 0, 0][..]));
    let end = test.finish();
    assert_eq!((end.dead_lettered, end.finished), (5, 5));
    assert_eq!(end.unfinished, []);
}
