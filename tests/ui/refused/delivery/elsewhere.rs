//! Mistake: a sink that writes to a database is not in the transaction.

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

    #[sink(from = order)]
    fn store(x: i64) {
        assert!(x >= 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
