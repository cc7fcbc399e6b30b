//! Mistake: what goes to Kafka is in the transaction.

use waterhealer::prelude::*;

#[pipeline(group = "shop", delivery = exactly_once)]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order, topic = "priced", may_repeat)]
    fn publish(x: i64) -> KafkaMessage {
        KafkaMessage::new(x.to_string())
    }
}

fn main() -> ExitCode {
    shop::main()
}
