//! Leak: a message is made and not returned.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64) {
        KafkaMessage::new(order.to_string());
    }
}

fn main() -> ExitCode {
    shop::main()
}
