//! Mistake: of one record some values go on, and some are held.

use waterhealer::prelude::*;

#[pipeline(group = "shop", delivery = exactly_once)]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[flat_map(from = order)]
    fn item(x: i64) -> Vec<i64> {
        vec![x, x + 1]
    }

    #[sink(from = item.partition(5, within = "1s"), topic = "priced")]
    fn publish(x: Vec<i64>) -> KafkaMessage {
        KafkaMessage::new(x.len().to_string())
    }
}

fn main() -> ExitCode {
    shop::main()
}
