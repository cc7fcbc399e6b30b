//! Several Kafka sinks in one transaction, and one beside it that may repeat.

use waterhealer::prelude::*;

#[pipeline(group = "shop", delivery = exactly_once)]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order, topic = "priced")]
    fn publish(x: i64) -> KafkaMessage {
        KafkaMessage::new(x.to_string())
    }

    #[sink(from = order, topic = "copies")]
    fn copy(x: i64) -> KafkaMessage {
        KafkaMessage::new(x.to_string())
    }

    #[sink(from = order, may_repeat)]
    fn store(x: &i64) {
        assert!(*x >= 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
