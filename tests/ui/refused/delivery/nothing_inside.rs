//! Mistake: no sink writes to Kafka.

use waterhealer::prelude::*;

#[pipeline(group = "shop", delivery = exactly_once)]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order, may_repeat)]
    fn store(x: i64) {
        assert!(x >= 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
