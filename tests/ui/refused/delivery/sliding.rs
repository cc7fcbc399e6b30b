//! Mistake: a sliding window keeps what it has used.

use waterhealer::prelude::*;

#[pipeline(group = "shop", delivery = exactly_once)]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.sliding_window(3), topic = "priced")]
    fn publish(x: Vec<i64>) -> KafkaMessage {
        KafkaMessage::new(x.len().to_string())
    }
}

fn main() -> ExitCode {
    shop::main()
}
