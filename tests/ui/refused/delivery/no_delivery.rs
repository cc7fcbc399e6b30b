//! Mistake: there is no such delivery.

use waterhealer::prelude::*;

#[pipeline(group = "shop", delivery = at_most_once)]
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
}

fn main() -> ExitCode {
    shop::main()
}
