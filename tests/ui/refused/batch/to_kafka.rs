//! Mistake: one message for a batch.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500, within = "1s"), topic = "out")]
    fn publish(rows: Batch<i64>) -> KafkaMessage {
        KafkaMessage::new(rows.len().to_string())
    }
}

fn main() -> ExitCode {
    shop::main()
}
