//! Mistake: a later record goes on while an earlier one is held.

use waterhealer::prelude::*;

#[pipeline(group = "shop", delivery = exactly_once)]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order, concurrency = 8)]
    async fn price(x: i64) -> i64 {
        x * 2
    }

    #[sink(from = price.partition(5, within = "1s"), topic = "priced")]
    fn publish(x: Vec<i64>) -> KafkaMessage {
        KafkaMessage::new(x.len().to_string())
    }
}

fn main() -> ExitCode {
    shop::main()
}
