//! Windows before everything that parts, and joins of branches by record.

use waterhealer::prelude::*;

#[pipeline(group = "shop", delivery = exactly_once)]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order.partition(5, within = "1s"))]
    fn line(x: Vec<i64>) -> i64 {
        x.into_iter().sum()
    }

    #[map(from = line, concurrency = 8)]
    async fn price(x: i64) -> i64 {
        x * 2
    }

    #[sink(from = line.zip(price), topic = "priced")]
    fn publish(x: (i64, i64)) -> KafkaMessage {
        KafkaMessage::new(x.0.to_string())
    }

    #[sink(from = line, topic = "sums")]
    fn each(x: i64) -> KafkaMessage {
        KafkaMessage::new(x.to_string())
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
