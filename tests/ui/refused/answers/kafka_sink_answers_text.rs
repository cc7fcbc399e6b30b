//! Mistake: a Kafka sink that answers no message.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order, topic = "priced")]
    fn publish(order: i64) -> String {
        order.to_string()
    }
}

fn main() -> ExitCode {
    shop::main()
}
