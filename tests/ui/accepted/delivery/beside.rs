//! A window beside a branch that ends outside Kafka; and values by hand that stay outside.

use waterhealer::prelude::*;

#[pipeline(group = "shop", delivery = exactly_once)]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[source(emit)]
    fn hand(x: i64) -> i64 {
        x
    }

    #[sink(from = order.delay("1s"), topic = "priced")]
    fn publish(x: i64) -> KafkaMessage {
        KafkaMessage::new(x.to_string())
    }

    #[sink(from = order.union(hand), may_repeat)]
    fn store(x: i64) {
        assert!(x >= 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
