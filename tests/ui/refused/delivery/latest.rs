//! Mistake: the latest rate stays in use after its commit.

use waterhealer::prelude::*;

#[pipeline(group = "shop", delivery = exactly_once)]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[source(topic = "rates")]
    fn rate(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.combine_latest(rate), topic = "priced")]
    fn publish(x: (i64, i64)) -> KafkaMessage {
        KafkaMessage::new(x.0.to_string())
    }
}

fn main() -> ExitCode {
    shop::main()
}
