//! Mistake: a name that no topic can have.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order, topic = "priced orders")]
    fn publish(order: i64) -> KafkaMessage {
        KafkaMessage::new(order.to_string())
    }
}

fn main() -> ExitCode {
    shop::main()
}
