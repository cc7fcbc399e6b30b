//! Mistake: lines of a file have no offsets that a group commits.

use waterhealer::prelude::*;

#[pipeline(group = "shop", delivery = exactly_once)]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[source(lines = "more.txt")]
    fn more(line: String) -> i64 {
        line.len() as i64
    }

    #[sink(from = order.union(more), topic = "priced")]
    fn publish(x: i64) -> KafkaMessage {
        KafkaMessage::new(x.to_string())
    }
}

fn main() -> ExitCode {
    shop::main()
}
