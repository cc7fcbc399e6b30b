//! Leak: a Kafka sink that answers nothing, so nothing is produced.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order, topic = "priced")]
    fn publish(order: i64) {
        let _message = KafkaMessage::new(order.to_string());
    }
}

fn main() -> ExitCode {
    shop::main()
}
