//! A batch taken apart again: each row is a record of its own.

use waterhealer::prelude::*;

#[pipeline(group = "shop", delivery = exactly_once)]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(5, within = "1s").flatten().delay("1s"), topic = "priced")]
    fn publish(x: i64) -> KafkaMessage {
        KafkaMessage::new(x.to_string())
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
