//! Mistake: one branch writes at once, the other holds the same records.

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

    #[sink(from = order.partition(5, within = "1s"), topic = "summaries")]
    fn summarise(x: Vec<i64>) -> KafkaMessage {
        KafkaMessage::new(x.len().to_string())
    }
}

fn main() -> ExitCode {
    shop::main()
}
